import tseslint from "typescript-eslint";
import importX from "eslint-plugin-import-x";

/** The pipeline, in order: a stage imports only the stages before it. */
const stages = ["numbering", "carriers", "spec", "platform", "profile", "secrets", "bundle", "asterisk-conf", "audit"];

const forbid = (target, from, message) => ({ target, from, message });
const zones = [
  ...stages.flatMap((stage, i) =>
    stages
      .slice(i + 1)
      .map((later) =>
        forbid(`./core/${stage}`, `./core/${later}`, `core/${stage} comes before core/${later} in the pipeline.`),
      ),
  ),
  ...["components", "controls", "cli", "stacks", "sandbox", "tools", "policy"].map((room) =>
    forbid("./core", `./${room}`, "core/ is pure: it imports nothing outside core/."),
  ),
  ...["cli", "stacks", "sandbox", "tools", "policy", "controls"].map((room) =>
    forbid("./components", `./${room}`, "components/ imports core/ only."),
  ),
  ...["core", "components", "controls", "cli", "sandbox", "tools", "policy"].map((room) =>
    forbid(`./${room}`, "./stacks", "Nothing imports stacks/."),
  ),
];

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", "**/*.mjs", "**/*.js", "**/*.cjs"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "import-x": importX },
    rules: {
      "import-x/no-restricted-paths": ["error", { zones }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-unnecessary-condition": ["error", { allowConstantLoopConditions: true }],
      "max-lines": ["error", { max: 250 }],
      "max-lines-per-function": ["error", { max: 40, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ["core/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { group: ["@pulumi/*"], message: "core/ is pure: no Pulumi." },
            {
              group: ["child_process", "node:child_process", "fs", "node:fs", "net", "node:net", "node:os"],
              message: "core/ is pure: no I/O.",
            },
          ],
        },
      ],
      "no-restricted-syntax": [
        "error",
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: "core/ has no clock: `now` is passed in.",
        },
      ],
    },
  },
  { files: ["test/**"], rules: { "max-lines-per-function": "off" } },
);
