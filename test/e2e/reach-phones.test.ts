import { describeReach } from "./describe-reach";

describeReach("testreach", 5, 1);
