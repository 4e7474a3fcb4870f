// The shapes that the server sends; bot/reply/parts.py and bot/web/schemas.py are their home.

export interface Source { title: string; url?: string; date?: string }
export interface Suggestion { title: string; payload: string }
/** `speaker` is the person from the staff who wrote it; `more` is the longer article behind a short answer. */
export interface TextPart { type: "text"; text: string; sources?: Source[]; reviewed?: string; speaker?: string; more?: string }
export interface Fact { label: string; value: string }
/** `more` and `notes` are folded; `caveats` say what stays open, `source_note` how old and how sure the source is. */
export interface Card {
  slug: string; title: string; subtitle?: string; facts?: Fact[]; more?: Fact[]; why?: string[]; caveats?: string[];
  notes?: string; source?: Source | null; source_note?: string; confidence?: string;
}
/** `table` is a page with all of `total`, not only the cards. */
export interface ProgramsPart { type: "programs"; cards: Card[]; total?: number; table?: string }
export interface ComparisonPart {
  type: "comparison"; columns: string[]; rows: { label: string; values: string[] }[]; sources?: Source[];
}
export interface Milestone {
  id: string; title: string; earliest?: string; latest?: string; status?: string; note?: string; estimated?: boolean;
  source?: Source | null;
}
export interface TimelinePart {
  type: "timeline"; title: string; verdict: string; milestones: Milestone[]; ics?: string; picture?: string;
  computed?: string;
}
export interface ImagePart { type: "image"; url: string; alt: string }
export interface FilePart { type: "file"; url: string; name: string }
/** Words of the server, and how a table of another language names them, with the values in their places. */
export interface ServerWords { text: string; key?: string; values?: Record<string, string> }
export interface NoticePart extends ServerWords { type: "notice"; level?: string; effect?: string; speaker?: string }
export type Part = TextPart | ProgramsPart | ComparisonPart | TimelinePart | ImagePart | FilePart | NoticePart;
export interface Reply { parts: Part[]; suggestions?: Suggestion[] }

export interface SentReply { seq: number; reply: Reply; in_reply_to?: string | null }
export interface Receipt { seq: number; replies: SentReply[]; status: "answered" | "pending" }
export interface HistoryEntry {
  seq: number; from: "visitor" | "bot"; at: string; id?: string; text?: string; status?: string; reply?: Reply;
  in_reply_to?: string | null; rating?: Rating;
}
/** Whether somebody from the staff could answer, and what is to be known about that. */
export interface StaffState extends ServerWords { is_staffed: boolean }
export interface History { messages: HistoryEntry[]; more: boolean }
export type Message = { text: string } | { payload: string };
export type Rating = "up" | "down";
