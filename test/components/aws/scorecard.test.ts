import { inOrder, scorecard } from "../../../controls/cloud/scorecard";
import { cloudControls } from "../../../controls/cloud/table";
import { makeOffice } from "../../../tools/aws/office";

test("every row of the scorecard passes for the small office, or is a documented exception", async () => {
  const card = scorecard(cloudControls, await makeOffice());
  expect(card).toHaveLength(34);
  expect(card.filter((row) => !inOrder(row))).toEqual([]);
}, 60_000);
