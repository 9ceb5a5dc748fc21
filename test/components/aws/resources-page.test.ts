import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Made } from "../../../controls/cloud/cloud-control";
import { run } from "../../../sandbox/command";
import { makeOffice } from "../../../tools/aws/office";
import { awsResourcesPage } from "../../../tools/gen/aws-resources-page";

const page = path.join(__dirname, "../../../docs/reference/aws-resources.md");
let made: readonly Made[];
beforeAll(async () => {
  // A program says what it waits for.
  jest.spyOn(console, "log").mockImplementation(() => undefined);
  made = await makeOffice();
}, 120_000);

test("docs/reference/aws-resources.md counts and justifies what is made", async () => {
  const text = await run(["npx", "--no-install", "prettier", "--stdin-filepath", page], {
    input: awsResourcesPage(made),
  });
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(page, text);
  expect(readFileSync(page, "utf8")).toBe(text);
}, 60_000);

test("a resource without a reason is not written down as if it had one", () => {
  const idle: Made = { type: "aws:ec2/vpcEndpoint:VpcEndpoint", name: "idle", inputs: {}, outputs: {} };
  expect(() => awsResourcesPage([...made, idle])).toThrow("ec2:VpcEndpoint is made, and");
});
