"""What people ask in sixty chats: one thing that the bot does not know, asked in many ways, among everything else."""

from __future__ import annotations

GETTING_AROUND = (
    "do i need a car during the rotation",
    "Is there parking at the hospital for visiting students?",
    "can i drive with my home country license",
    "how do people get to the clinic without a car",
    "Is public transport ok or must I rent a car?",
    "hi! will I need to rent a car in Texas or can i take the bus to the hospital",
    "my license is from Pakistan, can I drive there to the hospital",
    "is it safe to take the bus at 5am for rounds",
    "does the hospital give a parking permit to rotators",
    "no car. is that a problem???",
    "international driving permit needed or my own licence is enough",
    "How expensive is parking near the hospitals, I would come by car every day",
    "are the clinics reachable by train or subway",
    "i cant drive, which transport do other students use",
)
"""Fourteen people, one question: how to get to the hospital."""

CLOTHES = (
    "what should i wear on the first day",
    "do I bring my own white coat or do they give one",
    "are scrubs ok or do they want shirt and tie",
    "Is there a dress code for women?",
    "can i wear sneakers with scrubs",
    "which clothes should I pack for four weeks in the hospital",
)
"""Six people, a smaller question of the same kind."""

NOISE = (
    "what is the weather in chicago now",
    "who won the champions league",
    "asdfgh",
    "tell me a joke about surgeons",
    "write my personal statement please",
    "ok but how",
    "and the other one?",
    "Can you diagnose my rash from a photo",
    "what's the capital of australia",
    "i love you",
    "best pizza in new york",
    "how do i cook biryani",
    "is bitcoin a good investment today",
    "can you translate this into spanish",
    "my grandmother has diabetes, which pills should she take",
    "are you married",
    "hello?? anybody there",
    "what does the fox say",
    "solve 34x + 5 = 107",
    "how do I reset my email password",
    "which phone should i buy",
    "do you have a job for my brother, he is an engineer",
    "play some music",
    "When does the next season of House come out",
    "why is the sky blue",
    "the doctor was rude to me yesterday and i want to complain",
    "is my dog allowed in the plane",
    "lol",
    "no thats not what i asked",
    "what did you mean by that",
    "remind my sister that she should call",
    "how many calories are in a banana",
    "can a pharmacist prescribe in canada",
    "who is the president",
    "what time is it in lagos",
    "thats too much for me, forget it",
    "how tall is mount everest",
    "can i bring my parents to america for holidays",
    "you are useless",
    "need loan for house in karachi",
)
"""Forty that have nothing to do with each other."""

ALL = GETTING_AROUND + CLOTHES + NOISE
NEW_QUESTION = "Can I manage without a car, or is there a bus to the hospital?"
"""None of the sixty: asked before and after the new topic is live."""

MORE_WAYS = (
    "how do I travel from my flat to the ward every morning",
    "is a driving licence from abroad valid in America",
    "which cities have good buses and trains for rotators",
    "can I do a rotation if I never learned to drive",
    "where may visitors park and what does a day of parking cost",
    "should I buy a cheap car for three months",
    "is there a shuttle between the residence and the clinic",
    "are taxis or ride apps affordable for a month",
    "do I need an American driver license to rent a car",
    "can I ride a bike to work there",
    "how long is the way to the hospital without a car",
    "do hospitals pay for the bus or for parking",
    "is the subway running early enough for surgery rounds",
    "which programs are close to public transportation",
    "what if there is no bus to the clinic",
    "transport to the site, who organizes it",
    "is walking to the hospital realistic",
    "getting around without a car possible?",
    "carpool with other students, does that happen",
    "must I have my own vehicle",
    "will my national driving licence do, or is an international permit asked for",
    "am I allowed to drive with a foreign permit",
    "is it dangerous to ride the bus before dawn",
    "early morning trains, are they safe for a student",
    "do rotators get a permit for the hospital garage",
    "which transport do most visitors choose",
    "how costly is it to come by car",
    "I have no car, will that be a problem for the rotation",
)
"""What staff who know how people talk add to the messages, so that the topic has enough sentences to learn from."""
