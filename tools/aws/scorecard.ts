import { cloudControls } from "../../controls/cloud/table";
import { findingText, inOrder, scorecard } from "../../controls/cloud/scorecard";
import { makeOffice } from "./office";
import { isFunction } from "./terraform-json";

/** Prints the scorecard over the resources of the smallest host on AWS; the exit status says whether it is in order. */
async function main(): Promise<void> {
  const made = await makeOffice();
  const card = scorecard(cloudControls, made);
  console.log(
    `${made.filter((one) => !isFunction(one)).length} resources, judged by what they are made with; nothing of AWS is asked.\n`,
  );
  for (const { row, asks, finding } of card)
    console.log(`${String(row).padStart(2)}  ${asks.padEnd(48)} ${findingText(finding)}`);
  const wrong = card.filter((row) => !inOrder(row)).length;
  console.log(`\n${card.length - wrong} of ${card.length} rows in order`);
  process.exitCode = wrong === 0 ? 0 : 1;
}

void main();
