"""A Salesforce org: its records and their rules first, the HTTP doors of the data API to them second.

Rules, without HTTP: `record_ids`, `schema` (objects and fields), `tables` (rows), `setup` (what an admin decides),
`values` and `writing` (what a record may be), `person_accounts`, `files`, `soql` (queries), `org` (all of it),
`prechat` (records of a chat).

Calls: `calls`, `sobjects`, `queries`, `composite`; `operations` lists them.  Doors: `tokens` (OAuth), `admittance`,
`multipart`, `door`; `routes` hangs them.  `data sheet §` in the docstrings is the sheet of the data API.
"""
