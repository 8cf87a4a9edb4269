// Evaluates FEEL expressions with the package `feelin`: a JSON list of texts in, a JSON list of tagged values out.
import { pathToFileURL } from "node:url";

const { evaluate } = await import(pathToFileURL(process.argv[2]).href);

function tagged(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") return { number: String(value) };
  if (Array.isArray(value)) return { list: value.map(tagged) };
  if (typeof value === "function") return { function: true };
  if (Object.getPrototypeOf(value) === Object.prototype) {
    return { context: Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, tagged(entry)])) };
  }
  return { text: String(value) };
}

function outcome(text) {
  try {
    return tagged(evaluate(text, {}).value);
  } catch {
    return { error: true };
  }
}

let input = "";
for await (const chunk of process.stdin) input += chunk;
process.stdout.write(JSON.stringify(JSON.parse(input).map(outcome)));
