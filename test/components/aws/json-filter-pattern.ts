import { compileRegex, PatternError, regexCount } from "./pattern-regex";

type Condition = (event: unknown) => boolean;

/** Two to a pattern (FilterAndPatternSyntax). */
const regexesPerPattern = 2;

/** Compiles `{ $.selector = value && … }`; a line that is no JSON is never matched. */
export function jsonCondition(pattern: string): (line: string) => boolean {
  if (regexCount(pattern) > regexesPerPattern) throw new PatternError("at most two regular expressions to a pattern");
  const parser = new Parser(tokens(pattern));
  const condition = parser.whole();
  return (line) => {
    try {
      return condition(JSON.parse(line));
    } catch (error) {
      if (error instanceof SyntaxError) return false;
      throw error;
    }
  };
}

const token =
  /\s*(?:(\$(?:\.[A-Za-z0-9_-]+|\[\d+\])+)|("(?:[^"\\]|\\.)*")|(%[^%]+%)|(&&|\|\||[<>!]=|[=<>(){}])|(IS|NOT|NULL|TRUE|FALSE|EXISTS)\b|([A-Za-z0-9_*.+-]+))/y;

type Kind = "selector" | "string" | "regex" | "operator" | "keyword" | "bare";
interface Token {
  readonly kind: Kind;
  readonly text: string;
}

function tokens(pattern: string): Token[] {
  const kinds: readonly Kind[] = ["selector", "string", "regex", "operator", "keyword", "bare"];
  const found: Token[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < pattern.length) {
    const at = token.lastIndex;
    const groups = token.exec(pattern)?.slice(1);
    const index = groups?.findIndex((group) => typeof group === "string") ?? -1;
    const kind = kinds[index];
    if (kind === undefined)
      throw new PatternError(`${pattern.slice(at)} is none of a selector, a value and an operator`);
    found.push({ kind, text: groups?.[index] ?? "" });
  }
  return found;
}

/** `||` binds weakest, then `&&`, then parentheses. */
class Parser {
  private at = 0;
  constructor(private readonly list: readonly Token[]) {}

  whole(): Condition {
    this.take("{");
    const condition = this.either();
    this.take("}");
    if (this.at < this.list.length) throw new PatternError("something follows the closing brace");
    return condition;
  }

  private either(): Condition {
    const parts = [this.both()];
    while (this.skip("||")) parts.push(this.both());
    return (event) => parts.some((part) => part(event));
  }

  private both(): Condition {
    const parts = [this.one()];
    while (this.skip("&&")) parts.push(this.one());
    return (event) => parts.every((part) => part(event));
  }

  private one(): Condition {
    if (this.skip("(")) {
      const inner = this.either();
      this.take(")");
      return inner;
    }
    const selector = this.next();
    if (selector.kind !== "selector") throw new PatternError(`${selector.text} stands where a selector should`);
    return this.comparison(selector.text);
  }

  private comparison(selector: string): Condition {
    const operator = this.next().text;
    if (operator === "IS") {
      const wanted = { NULL: null, TRUE: true, FALSE: false }[this.next().text];
      if (wanted === undefined) throw new PatternError("IS wants NULL, TRUE or FALSE");
      return (event) => select(event, selector) === wanted;
    }
    if (operator === "NOT") {
      this.take("EXISTS");
      return (event) => select(event, selector) === undefined;
    }
    const value = this.next();
    const test = operator === "=" || operator === "!=" ? equality(value) : order(operator, value);
    return (event) => {
      const found = select(event, selector);
      // An object, a list, or nothing: the line has not the pattern's shape.
      if (typeof found !== "string" && typeof found !== "number") return false;
      return test(found) === (operator !== "!=");
    };
  }

  private next(): Token {
    const found = this.list[this.at++];
    if (found === undefined) throw new PatternError("the pattern ends too early");
    return found;
  }

  private skip(text: string): boolean {
    const same = this.list[this.at]?.text === text && this.list[this.at]?.kind !== "string";
    if (same) this.at += 1;
    return same;
  }

  private take(text: string): void {
    if (!this.skip(text)) throw new PatternError(`${text} is missing before ${this.list[this.at]?.text ?? "the end"}`);
  }
}

function equality({ kind, text }: Token): (value: string | number) => boolean {
  if (kind === "regex") {
    const regex = compileRegex(text.slice(1, -1));
    return (value) => regex.test(String(value));
  }
  if (kind === "bare" && /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/.test(text)) return (value) => Number(value) === Number(text);
  if (kind !== "bare" && kind !== "string") throw new PatternError(`${text} is no value`);
  const literal = kind === "string" ? text.slice(1, -1) : text;
  if (literal.includes("\\")) throw new PatternError(`${text}: a backslash in a value has no documented meaning`);
  return wildcards(literal);
}

/** An asterisk at an end stands for any text; in the middle it is an asterisk. */
function wildcards(literal: string): (value: string | number) => boolean {
  const before = literal.startsWith("*");
  const after = literal.length > 1 && literal.endsWith("*");
  const core = literal.slice(before ? 1 : 0, after ? -1 : undefined);
  return (value) => {
    const text = String(value);
    if (before && after) return text.includes(core);
    if (before) return text.endsWith(core);
    return after ? text.startsWith(core) : text === core;
  };
}

function order(operator: string, { text }: Token): (value: string | number) => boolean {
  const bound = Number(text);
  if (Number.isNaN(bound)) throw new PatternError(`${operator} wants a number, not ${text}`);
  const tests: Record<string, (value: number) => boolean> = {
    "<": (value) => value < bound,
    ">": (value) => value > bound,
    "<=": (value) => value <= bound,
    ">=": (value) => value >= bound,
  };
  const test = tests[operator];
  if (test === undefined) throw new PatternError(`${operator} is no comparison`);
  return (value) => typeof value === "number" && test(value);
}

function select(event: unknown, selector: string): unknown {
  const steps = selector.match(/\.[A-Za-z0-9_-]+|\[\d+\]/g) ?? [];
  return steps.reduce<unknown>((value, step) => {
    if (typeof value !== "object" || value === null) return undefined;
    const key = step.startsWith(".") ? step.slice(1) : step.slice(1, -1);
    return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
  }, event);
}
