PRAGMA application_id = 1130919783;
PRAGMA user_version = 8;
CREATE TABLE conversation (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            title TEXT NOT NULL,
            is_title_chosen INTEGER NOT NULL DEFAULT 0,
            persona TEXT NOT NULL,
            model TEXT NOT NULL,
            leaf_id INTEGER,
            draft TEXT NOT NULL DEFAULT '',
            is_unread INTEGER NOT NULL DEFAULT 0,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL,
            deleted_at TEXT, folder_id INTEGER REFERENCES folder (id) ON DELETE SET NULL, is_pinned INTEGER NOT NULL DEFAULT 0, options TEXT NOT NULL DEFAULT '{}', memory TEXT NOT NULL DEFAULT '{}',
            FOREIGN KEY (id, leaf_id) REFERENCES message (conversation_id, id)
        ) STRICT
        ;
CREATE TABLE message (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
            parent_id INTEGER,
            role TEXT NOT NULL,
            text TEXT NOT NULL,
            status TEXT NOT NULL,
            persona TEXT NOT NULL,
            persona_name TEXT NOT NULL,
            model TEXT NOT NULL,
            options TEXT NOT NULL,
            examples TEXT NOT NULL,
            token_ids BLOB NOT NULL,
            statistics TEXT,
            created_at TEXT NOT NULL,
            deleted_at TEXT, is_pinned INTEGER NOT NULL DEFAULT 0, persona_version TEXT NOT NULL DEFAULT '', is_summary INTEGER NOT NULL DEFAULT 0,
            UNIQUE (conversation_id, id),
            FOREIGN KEY (conversation_id, parent_id) REFERENCES message (conversation_id, id)
        ) STRICT
        ;
CREATE INDEX message_parent ON message (conversation_id, parent_id);
CREATE INDEX message_status ON message (status);
CREATE TABLE new_chat (id INTEGER PRIMARY KEY CHECK (id = 1), draft TEXT NOT NULL) STRICT;
CREATE VIEW searchable AS
        SELECT id, text FROM message WHERE role <> 'system' AND status <> 'streaming';
CREATE VIRTUAL TABLE message_index USING fts5(text, content = 'searchable', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3');
CREATE TRIGGER message_index_put AFTER INSERT ON message WHEN new.role <> 'system' AND new.status <> 'streaming' BEGIN INSERT INTO message_index (rowid, text) VALUES (new.id, new.text); END;
CREATE TRIGGER message_index_take_changed BEFORE UPDATE OF text, status ON message WHEN old.role <> 'system' AND old.status <> 'streaming' BEGIN INSERT INTO message_index (message_index, rowid, text) VALUES ('delete', old.id, old.text); END;
CREATE TRIGGER message_index_put_changed AFTER UPDATE OF text, status ON message WHEN new.role <> 'system' AND new.status <> 'streaming' BEGIN INSERT INTO message_index (rowid, text) VALUES (new.id, new.text); END;
CREATE TRIGGER message_index_take AFTER DELETE ON message WHEN old.role <> 'system' AND old.status <> 'streaming' BEGIN INSERT INTO message_index (message_index, rowid, text) VALUES ('delete', old.id, old.text); END;
CREATE VIRTUAL TABLE title_index USING fts5(title, content = 'conversation', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3');
CREATE TRIGGER title_index_put AFTER INSERT ON conversation WHEN TRUE BEGIN INSERT INTO title_index (rowid, title) VALUES (new.id, new.title); END;
CREATE TRIGGER title_index_take_changed BEFORE UPDATE OF title ON conversation WHEN TRUE BEGIN INSERT INTO title_index (title_index, rowid, title) VALUES ('delete', old.id, old.title); END;
CREATE TRIGGER title_index_put_changed AFTER UPDATE OF title ON conversation WHEN TRUE BEGIN INSERT INTO title_index (rowid, title) VALUES (new.id, new.title); END;
CREATE TRIGGER title_index_take AFTER DELETE ON conversation WHEN TRUE BEGIN INSERT INTO title_index (title_index, rowid, title) VALUES ('delete', old.id, old.title); END;
CREATE TABLE origin (
            conversation_id INTEGER PRIMARY KEY REFERENCES conversation (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            digest TEXT NOT NULL DEFAULT ''
        ) STRICT
        ;
CREATE INDEX origin_name ON origin (name);
CREATE TRIGGER conversation_origin AFTER INSERT ON conversation BEGIN INSERT INTO origin (conversation_id, name) VALUES (new.id, 'chinwag:' || lower(hex(randomblob(16)))); END;
CREATE TABLE folder (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            is_open INTEGER NOT NULL DEFAULT 1
        ) STRICT
        ;
CREATE TABLE former_text (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
            text TEXT NOT NULL,
            token_ids BLOB NOT NULL,
            replaced_at TEXT NOT NULL
        , persona_version TEXT NOT NULL DEFAULT '') STRICT
        ;
CREATE INDEX former_text_message ON former_text (message_id);
CREATE INDEX conversation_folder ON conversation (folder_id);
CREATE TABLE attachment (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            message_id INTEGER REFERENCES message (id) ON DELETE CASCADE,
            conversation_id INTEGER REFERENCES conversation (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            kind TEXT NOT NULL,
            pages TEXT NOT NULL,
            chosen TEXT NOT NULL,
            encoding TEXT NOT NULL,
            CHECK (message_id IS NULL OR conversation_id IS NULL)
        ) STRICT
        ;
CREATE INDEX attachment_message ON attachment (message_id);
CREATE INDEX attachment_conversation ON attachment (conversation_id);
CREATE TABLE sent_prompt (
            message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
            parts TEXT NOT NULL,
            digest TEXT NOT NULL,
            tokens INTEGER NOT NULL,
            sent_at TEXT NOT NULL
        ) STRICT
        ;
INSERT INTO conversation (id, title, is_title_chosen, persona, model, leaf_id, draft, is_unread, created_at, updated_at, deleted_at) VALUES (1, 'Knots a sailor needs', 0, 'pirate', 'small.gguf', 4, 'and a', 1, '2026-11-20T08:00:00.000000+00:00', '2026-11-21T09:30:00.250000+00:00', NULL);
INSERT INTO conversation (id, title, is_title_chosen, persona, model, leaf_id, draft, is_unread, created_at, updated_at, deleted_at) VALUES (2, 'Größe, 世界 & ''quotes''', 1, 'assistant', '', NULL, '', 0, '2026-11-20T08:00:00.000000+00:00', '2026-11-20T08:00:00.000000+00:00', '2026-11-21T09:30:00.250000+00:00');
INSERT INTO message (id, conversation_id, parent_id, role, text, status, persona, persona_name, model, options, examples, token_ids, statistics, created_at, deleted_at) VALUES (1, 1, NULL, 'system', 'You are a pirate.', 'complete', 'pirate', 'Pirate', '', '{}', '[["Who goes there?", "A friend."]]', x'', NULL, '2026-11-20T08:00:00.000000+00:00', NULL);
INSERT INTO message (id, conversation_id, parent_id, role, text, status, persona, persona_name, model, options, examples, token_ids, statistics, created_at, deleted_at) VALUES (2, 1, 1, 'user', 'How do I tie a bowline?', 'complete', '', '', '', '{}', '[]', x'', NULL, '2026-11-20T08:00:00.000000+00:00', NULL);
INSERT INTO message (id, conversation_id, parent_id, role, text, status, persona, persona_name, model, options, examples, token_ids, statistics, created_at, deleted_at) VALUES (3, 1, 2, 'assistant', 'Like a rabbit', 'stopped', 'pirate', 'Pirate', 'small.gguf', '{"temperature": 0.3}', '[]', x'0100000002000000', NULL, '2026-11-20T08:00:00.000000+00:00', '2026-11-21T09:30:00.250000+00:00');
INSERT INTO message (id, conversation_id, parent_id, role, text, status, persona, persona_name, model, options, examples, token_ids, statistics, created_at, deleted_at) VALUES (4, 1, 2, 'assistant', 'Round the tree,

''twice''.', 'complete', 'pirate', 'Pirate', 'small.gguf', '{"seed": 42}', '[]', x'ffbf0000', '{"finish_reason": "stop", "prompt_tokens": 31, "cached_tokens": 12, "completion_tokens": 3, "first_token_seconds": 0.25, "prompt_tokens_per_second": 310.5, "tokens_per_second": 72.25, "seed": 42, "threads": 2}', '2026-11-21T09:30:00.250000+00:00', NULL);
INSERT INTO new_chat (id, draft) VALUES (1, 'unsent words');
