"""Has checkov read each Terraform document named, and prints one line of JSON for each: see judge.ts."""

import json
import logging
import os
import sys

logging.disable(logging.CRITICAL)

from checkov.common.checks_infra.registry import get_graph_checks_registry  # noqa: E402
from checkov.common.graph.graph_builder import CustomAttributes  # noqa: E402
from checkov.runner_filter import RunnerFilter  # noqa: E402
from checkov.terraform.checks.resource import aws  # noqa: E402, F401
from checkov.terraform_json.runner import TerraformJsonRunner  # noqa: E402

# The checks of other clouds take seconds to load and can judge nothing here.
registry = get_graph_checks_registry("terraform")
registry.checks_dir = os.path.join(registry.checks_dir, "aws")


class CountingRunner(TerraformJsonRunner):
    """A run that keeps the addresses of the resources in checkov's graph."""

    def add_graph_check_results(self, report, runner_filter):
        nodes = [attributes for _, attributes in self.graph_manager.get_reader_endpoint().nodes()]
        resources = [node for node in nodes if node.get(CustomAttributes.BLOCK_TYPE) == "resource"]
        self.resources = [node[CustomAttributes.ID] for node in resources]
        super().add_graph_check_results(report, runner_filter)


def judged(path):
    runner = CountingRunner()
    runner.pbar.turn_off_progress_bar()
    runner_filter = RunnerFilter(framework=["terraform_json"], show_progress_bar=False)
    report = runner.run(files=[path], runner_filter=runner_filter)
    return {
        "parsed": sorted(runner.resources),
        "failed": sorted([check.check_id, check.resource, check.check_name] for check in report.failed_checks),
        "passed": len(report.passed_checks),
        "unread": report.parsing_errors,
    }


for name in sys.argv[1:]:
    print(json.dumps(judged(name)), flush=True)
