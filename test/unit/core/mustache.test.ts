import fc from "fast-check";
import { renderTemplate, TemplateError, type View } from "../../../core/bundle/mustache";

const render = (template: string, view: View, format: "asterisk" | "plain" = "asterisk") =>
  renderTemplate("t", template, view, format);

describe("the safe mustache wrapper", () => {
  test("places values without HTML escaping", () => {
    expect(render("a = {{v}}\n", { v: "x/y=[z]" })).toEqual(["a = x/y=[z]\n"]);
  });

  test("keeps late-bound references apart from text", () => {
    expect(render("p = MD5:{{d}} ; t\n", { d: { ref: "phone.a.digest" } })).toEqual([
      "p = MD5:",
      { ref: "phone.a.digest" },
      " ; t\n",
    ]);
  });

  test("repeats a section for each entry and drops it for none", () => {
    expect(render("{{#l}}\nx = {{v}}\n{{/l}}\nend", { l: [{ v: 1 }, { v: 2 }] })).toEqual(["x = 1\nx = 2\nend"]);
    expect(render("{{#l}}\nx = {{v}}\n{{/l}}\nend", { l: [] })).toEqual(["end"]);
  });

  test.each<[string, string, View, string]>([
    ["a name the view lacks", "{{a}}{{b}}", { a: 1 }, '"b" is used but not provided'],
    ["a name the template lacks", "{{a}}", { a: 1, b: 2 }, '"b" is provided but not used'],
    ["a name of an outer section", "{{a}}{{#l}}{{a}}{{/l}}", { a: 1, l: [{}] }, '"a" is used but not provided'],
    ["an unused name in a section", "{{#l}}{{a}}{{/l}}", { l: [{ a: 1, b: 2 }] }, '"b" is provided but not used'],
    ["triple braces", "{{{a}}}", { a: 1 }, '"&" tags are not allowed (a)'],
    ["an ampersand", "{{&a}}", { a: 1 }, '"&" tags are not allowed (a)'],
    ["a partial", "{{>a}}", { a: 1 }, '">" tags are not allowed (a)'],
    ["an inverted section", "{{^a}}x{{/a}}", { a: [] }, '"^" tags are not allowed (a)'],
    ["a list used as a value", "{{a}}", { a: [] }, '"a" is a list; use it as a section'],
    ["a value used as a section", "{{#a}}x{{/a}}", { a: "x" }, 'section "a" needs a list'],
  ])("refuses %s", (_case, template, view, message) => {
    expect(() => render(template, view)).toThrow(new TemplateError("t", message));
  });

  test.each(["a\nb", "a\rb", "a\u0000b", "a\u2028b", "a;b", "a\\b", "${EXTEN}", "a,b", 'a"b', "a<b", "\uE000x\uE001"])(
    "refuses the value %j",
    (value) => {
      expect(() => render("{{v}}", { v: value })).toThrow(TemplateError);
      expect(() => render("{{v}}", { v: value }, "plain")).toThrow(TemplateError);
    },
  );

  test("whatever the value, the output has one line or the value is refused", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        let text: string;
        try {
          text = render("k = {{v}}", { v: value }).map(String).join("");
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateError);
          return;
        }
        expect(text).toBe(`k = ${value}`);
        expect(text.split(/[\n\r\u2028\u2029\u0085]/)).toHaveLength(1);
        expect(text).not.toMatch(/[;\\$,"<>{}]/);
      }),
    );
  });
});
