const transform = {
  "^.+\\.ts$": [
    "@swc/jest",
    { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
  ],
};
const suite = (name, extra = {}) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  transform,
  testEnvironment: "node",
  ...extra,
});
const built = { globalSetup: "<rootDir>/tools/test/build-first.cjs" };
// One project per suite named in CONTRIBUTING: `npx jest --selectProjects unit`.
module.exports = {
  projects: [
    ...["unit", "golden", "schema", "sandbox", "load"].map((name) => suite(name)),
    ...["components", "engine", "e2e", "long"].map((name) => suite(name, built)),
  ],
};
