"""What people ask in sixty chats: one thing that the bot does not know, asked in many ways, among everything else."""

from __future__ import annotations

DOGS = (
    "can i take my dog to america with me",
    "Where can my dog stay while I am at work all day?",
    "who looks after the dogs of other students",
    "is there a kennel near the hospital for my dog",
    "Is a dog sitter ok or must I leave my dog at home?",
    "hi! will my dog be a problem in Texas or do landlords take dogs",
    "my dog is from Pakistan, can she fly with me to New York",
    "which airline takes a dog in the cabin",
    "I can't leave my dog alone, he barks. is that a problem???",
    "do american landlords rent to people with a dog",
    "my dog needs medicine every day, can somebody walk him",
    "is there quarantine for dogs coming to America",
    "are dogs allowed in american flats",
    "can a small dog travel in the plane with me",
)
"""Fourteen people, one question: what to do with their dog."""

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
    "which plane is the largest of all",
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

ALL = DOGS + CLOTHES + NOISE
NEW_QUESTION = "Can my dog come along, or is there somebody who takes care of dogs?"
"""None of the sixty: asked before and after the new topic is live."""

MORE_WAYS = (
    "may my dog come with me for the month",
    "does my dog need shots before the flight",
    "which cities are good for somebody with a dog",
    "can I do a rotation if I have two dogs",
    "where may a dog run free and what does a sitter cost",
    "should I leave my dog with my parents for three months",
    "is there a place for dogs close to the residence",
    "are dog walkers affordable for a month",
    "does a dog need papers of its own at the airport",
    "can I keep a dog in the dormitory",
    "how long may a dog be alone while I am on the ward",
    "do hospitals know dog sitters",
    "is a dog hotel open early enough for surgery rounds",
    "which rooms near the clinic take dogs",
    "what if nobody can walk my dog at noon",
    "travel with a dog, who organizes it",
    "is bringing a dog realistic for four weeks",
    "rotating with a dog, is it possible?",
    "share a dog sitter with other students, does that happen",
    "must my dog stay in a cage on the plane",
    "will my vet's certificate do, or is an American one asked for",
    "am I allowed to bring a big dog",
    "is it dangerous for a dog to fly in summer",
    "early mornings on the ward, who feeds the dog",
    "do rotators bring their dogs",
    "what do most visitors do with their dogs",
    "how costly is it to fly a dog over",
    "I have a dog, will that be a problem for the rotation",
)
"""What staff who know how people talk add to the messages, so that the topic has enough sentences to learn from."""
