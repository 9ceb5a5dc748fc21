import { describeReach } from "./describe-reach";

describeReach("testreach", { calls: 5, sleeps: 1, router: false });
