"""How the number of a service's replicas follows its load: the choices that the AI Workbench offers."""

from dataclasses import dataclass

from wbtui.domain.reference_paths import Json

MOST_REPLICAS = 30
METRICS = {"running requests": "vllm:num_requests_running", "waiting requests": "vllm:num_requests_waiting"}
AGGREGATIONS = {"average": "avg", "highest": "max", "lowest": "min"}
TARGETS = {"of the service": "Value", "of each replica": "AverageValue"}
"""What is chosen, by what it is called."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """Between how many replicas a service has, and the value of a metric above which it gets more of them."""

    least: int = 1
    most: int = 3
    metric: str = METRICS["running requests"]
    aggregation: str = AGGREGATIONS["average"]
    target_type: str = TARGETS["of the service"]
    target: int = 10

    @property
    def fields(self) -> Json:
        """Return the fields of an AIMService's specification; the engine wants all of them, or none."""
        value = "averageValue" if self.target_type == "AverageValue" else "value"
        metric = {
            "backend": "opentelemetry",
            "metricNames": list(METRICS.values()),
            "query": self.metric,
            "operationOverTime": self.aggregation,
        }
        target = {"type": self.target_type, value: str(self.target)}
        pods = {"type": "PodMetric", "podmetric": {"metric": metric, "target": target}}
        return {"minReplicas": self.least, "maxReplicas": self.most, "autoScaling": {"metrics": [pods]}}
