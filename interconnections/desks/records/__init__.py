"""Salesforce's records: the data API's dialect (salesforce-data-api.md).  It knows nobody else of ours."""
