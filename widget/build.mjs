// Builds the component and the loader into the Python package, under names that carry a hash of their content.
// The component knows the name and integrity value of what it loads later, and the loader those of the component, so the
// loader is built last.
//
// `node build.mjs [folder]` writes to another folder; a test compares that with what is committed.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = process.argv[2] ?? join(here, "../bot/web/static/widget");
const shared = {
  absWorkingDir: here, bundle: true, minify: true, write: false, target: "es2022", legalComments: "none", charset: "utf8",
};

async function bundle(entry, format, define = {}) {
  const result = await build({ ...shared, entryPoints: [`src/${entry}.ts`], format, define, plugins: [smallStyles] });
  const content = result.outputFiles[0].text.replace(/>\n\s+</g, "><").replace(/\n\s{3,}/g, " "); // Lines of templates.
  const hash = createHash("sha384").update(content).digest();
  return { content, file: `${entry}-${hash.toString("hex").slice(0, 12)}.js`, integrity: `sha384-${hash.toString("base64")}` };
}

// Style sheets stand in template literals, which a JavaScript minifier must leave alone.
const smallStyles = {
  name: "small-styles",
  setup({ onLoad }) {
    onLoad({ filter: /src[\\/](styles|loader|teaser|rotation-chat-frame)\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const contents = source.replace(/`[^`]*`/g, (css) => css.replace(/\/\*.*?\*\//gs, "").replace(/\s*\n\s*/g, "").replace(/\s*([{};,>])\s*/g, "$1").replace(/: +/g, ":").replaceAll(";}", "}"));
      return { contents, loader: "ts" };
    });
  },
};

// Languages other than English are data, so their names carry one hash for all of them, which is all the component knows.
// The words of pages (`page`) are for the server alone.
const tables = (await readdir(join(here, "src/languages"))).filter((name) => !name.startsWith("en.")).sort();
const read = await Promise.all(tables.map(async (name) => [name.replace(".json", ""), JSON.parse(await readFile(join(here, "src/languages", name), "utf8"))]));
const pages = read.map(([code, { page }]) => [code, page]);
const words = read.map(([code, { page, ...chat }]) => [code, JSON.stringify(chat)]);
const ofWords = createHash("sha384").update(JSON.stringify(words)).digest("hex").slice(0, 12);

const named = ({ file, integrity }) => ({ file, integrity });
const views = await bundle("views", "esm");
const component = await bundle("rotation-chat", "esm", {
  VIEWS: JSON.stringify(named(views)), LANGUAGES: JSON.stringify({ codes: words.map(([code]) => code), hash: ofWords }),
});
const frame = await bundle("rotation-chat-frame", "esm");
const teaser = await bundle("teaser", "esm");
const loader = await bundle("loader", "iife", {
  PARTS: JSON.stringify({ "rotation-chat": named(component), "rotation-chat-frame": named(frame), teaser: named(teaser) }),
});
await mkdir(target, { recursive: true });
for (const old of await readdir(target)) await rm(join(target, old));
const manifest = {};
for (const [name, built] of Object.entries({ component, views, frame, teaser, loader })) {
  await writeFile(join(target, built.file), built.content);
  manifest[name] = named(built);
}
await writeFile(join(target, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
await writeFile(join(target, "pages.json"), JSON.stringify(Object.fromEntries(pages)));
for (const [code, table] of words) await writeFile(join(target, `${code}-${ofWords}.json`), table);
await mkdir(join(here, "dist"), { recursive: true });
await writeFile(join(here, "dist/rotation-chat.js"), component.content);
console.log(manifest);
