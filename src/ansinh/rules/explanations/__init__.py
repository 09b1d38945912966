"""The derivation of an amount: the facts used, each value of law with its day and article, the steps, the result, in Vietnamese and English."""

from ansinh.rules.explanations.steps import Applied, Explanation, Step
from ansinh.rules.explanations.telling import explain, explain_values, parameter_applied

__all__ = ["Applied", "Explanation", "Step", "explain", "explain_values", "parameter_applied"]
