-- Who took the step: a role of the case table, and the department (an id of the guide) if it is one's. Never a person.
ALTER TABLE case_public ADD COLUMN actor TEXT;
ALTER TABLE case_public ADD COLUMN department TEXT;
