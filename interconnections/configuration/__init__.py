"""Configuration as code: orgs, bots, routes and callers as one YAML document, which is reviewed like code."""
