"""The citizens' face: what anybody may see without signing in, so far the agency's own figures."""
