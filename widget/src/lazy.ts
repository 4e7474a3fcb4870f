// Loads what is not needed for a chat as it opens. As the loader does, it checks the file against its integrity value.

declare const VIEWS: { file: string; integrity: string };
let views: Promise<typeof import("./views.js")> | undefined;

/** The large views, once; a failed load may be tried again. */
export function loadViews(host: string): Promise<typeof import("./views.js")> {
  return (views ??= new Promise<typeof import("./views.js")>((loaded, failed) => {
    const link = document.createElement("link");
    link.rel = "modulepreload"; // Fills the module map, so that the import below can only get what was checked.
    link.crossOrigin = "anonymous";
    link.integrity = VIEWS.integrity;
    link.nonce = document.querySelector<HTMLScriptElement>(`script[src="${import.meta.url}"]`)?.nonce ?? "";
    link.href = `${host}/widget/${VIEWS.file}`;
    link.onload = () => import(link.href).then(loaded, failed);
    link.onerror = failed;
    document.head.append(link);
  }).catch((error: unknown) => {
    views = undefined;
    throw error;
  }));
}
