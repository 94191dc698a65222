"""The bridge between bots' users and Salesforce's live agents.

Doors (http/, worker/, consumers, admin/, management/) call bridge/; bridge/ calls the store/ and the two
shores, desks/ (agents) and platforms/ (users); the shores know nobody.  tests/test_house.py holds the arrows.
"""
