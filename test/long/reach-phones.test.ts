import { describeReach } from "../e2e/describe-reach";

// A hundred calls of each kind; to a sleeping phone, half of them by its number and half by its group's.
describeReach("longreach", { calls: 100, sleeps: 50, router: true });
