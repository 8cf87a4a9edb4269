"""The paths and shapes of the REST interface of the Camunda 7 engine, for programs that speak it (docs/rest.md)."""
