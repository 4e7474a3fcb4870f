// Writes the table of all Bot API methods that the fake Bot API checks requests with, from the types of @grammyjs/types.
// Run: npm ci && npm run build. The result, schema.json, is committed, so that the tests need Python only.
//
// A type is written as: "s" string, "n" number, "b" boolean, "f" file, "*" anything, ["=", value] one literal,
// ["a", type] array, ["u", type...] one of several, ["o", name] a named object of `objects`.
// An object or a method is {name: type} with "?" after the names of what may be left out.
import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";
import ts from "typescript";

const entry = createRequire(import.meta.url).resolve("@grammyjs/types").replace(/mod\.js$/, "mod.d.ts");
const probe = new URL("./probe.d.ts", import.meta.url).pathname;
const source = `import type { ApiMethods } from ${JSON.stringify(entry)};
interface InputFile { readonly __file: true }
export declare const api: ApiMethods<InputFile>;`;
const options = { strict: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };
const host = ts.createCompilerHost(options);
const readFile = host.getSourceFile.bind(host);
host.getSourceFile = (name, version) => name === probe ? ts.createSourceFile(name, source, version, true) : readFile(name, version);
const program = ts.createProgram([probe], options, host);
const checker = program.getTypeChecker();
const file = program.getSourceFile(probe);
const api = checker.getTypeOfSymbol(checker.getExportsOfModule(checker.getSymbolAtLocation(file)).find((one) => one.name === "api"));

const objects = {};
const names = new Map();
const open = new Set();

/** A type that contains itself without an object in between (rich text) is taken as anything. */
function typeOf(type) {
  if (open.has(type)) return "*";
  open.add(type);
  const made = written(type);
  open.delete(type);
  return made;
}

function written(type) {
  if (type.flags & ts.TypeFlags.StringLiteral || type.flags & ts.TypeFlags.NumberLiteral) return ["=", type.value];
  if (type.flags & ts.TypeFlags.BooleanLiteral) return ["=", type.intrinsicName === "true"];
  if (type.flags & (ts.TypeFlags.StringLike)) return "s";
  if (type.flags & ts.TypeFlags.NumberLike) return "n";
  if (type.flags & ts.TypeFlags.Boolean) return "b";
  if (type.isUnion()) return union(type.types.filter((one) => !(one.flags & ts.TypeFlags.Undefined)));
  if (checker.isArrayType(type)) return ["a", typeOf(checker.getTypeArguments(type)[0])];
  if (type.flags & ts.TypeFlags.Object || type.isIntersection()) return object(type);
  return "*";
}

function union(types) {
  const members = [...new Map(types.map(typeOf).map((one) => [JSON.stringify(one), one])).values()];
  const rest = members.filter((one) => JSON.stringify(one) !== '["=",true]' && JSON.stringify(one) !== '["=",false]');
  if (members.length - rest.length === 2) rest.push("b");
  else if (members.length !== rest.length) rest.push(...members.filter((one) => !rest.includes(one)));
  return rest.length === 1 ? rest[0] : ["u", ...rest];
}

function object(type) {
  if (type.getProperty("__file")) return "f";
  if (names.has(type)) return ["o", names.get(type)];
  const wanted = type.aliasSymbol?.name ?? (type.symbol?.name.startsWith("__") ? "anonymous" : type.symbol?.name ?? "anonymous");
  let name = wanted;
  for (let i = 2; [...names.values()].includes(name); i += 1) name = `${wanted}${i}`;
  names.set(type, name);
  objects[name] = {};
  objects[name] = fieldsOf(type);
  return ["o", name];
}

function fieldsOf(type) {
  const fields = {};
  for (const property of checker.getPropertiesOfType(type)) {
    const optional = property.flags & ts.SymbolFlags.Optional;
    fields[property.name + (optional ? "?" : "")] = typeOf(checker.getNonNullableType(checker.getTypeOfSymbol(property)));
  }
  return fields;
}

const methods = {};
for (const method of checker.getPropertiesOfType(api)) {
  const [call] = checker.getTypeOfSymbol(method).getCallSignatures();
  const [args] = call.getParameters();
  methods[method.name] = args ? fieldsOf(checker.getNonNullableType(checker.getTypeOfSymbol(args))) : {};
}
// What only answers hold is of no use for checking requests.
const table = { methods, objects };
writeFileSync(new URL("./schema.json", import.meta.url), JSON.stringify(table) + "\n");
console.log(`${Object.keys(methods).length} methods, ${Object.keys(objects).length} objects`);
