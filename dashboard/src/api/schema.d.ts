// Made from /openapi.json; `npm run api-types` makes it anew, and a test fails when it is not the server's.
export interface paths {
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Liveness: 200 as long as the process answers, with the state of its parts */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prometheus text */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Readiness: 503 until log, database and projections can be used */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
                /** @description Default Response */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Health"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alerts, the latest first */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                    /** @description As it was after this message of the log; to be asked for before: `POST /v1/projections/:name/as-of`. */
                    at?: number;
                    /** @description What came of it when it was heard of, between `from` and `to` where they are given. */
                    came?: "opened" | "joined" | "resolved";
                    /** @description `next` of the page before. */
                    cursor?: string;
                    from?: string;
                    /** @description These and no other, separated by commas. */
                    id?: string;
                    /** @description `name=value`, repeatable; all must match. */
                    label?: string | string[];
                    limit?: number;
                    /** @description Of the session that looks into it. */
                    session_status?: string;
                    /** @description One or several, separated by commas. */
                    severity?: string;
                    /** @description One or several, separated by commas. */
                    source?: string;
                    status?: "firing" | "resolved";
                    text?: string;
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            readonly items: {
                                alert: {
                                    alertType?: string;
                                    annotations: {
                                        [key: string]: string;
                                    };
                                    chain?: string;
                                    description: string;
                                    /** Format: date-time */
                                    endsAt?: string;
                                    environment?: string;
                                    fingerprint: string;
                                    groupKey?: string;
                                    labels: {
                                        [key: string]: string;
                                    };
                                    links: {
                                        href: string;
                                        rel: string;
                                    }[];
                                    overrideFault?: string;
                                    overrides?: {
                                        budget?: {
                                            tokens?: number;
                                            tool_calls?: number;
                                            usd?: number;
                                            wall_seconds?: number;
                                        };
                                        chain?: string;
                                        labels?: {
                                            [key: string]: string;
                                        };
                                        mcpServers?: string[];
                                        /** @enum {string} */
                                        priority?: "critical" | "high" | "normal" | "low";
                                        runbook?: string;
                                        slackFingerprint?: string;
                                        tools?: string[];
                                    };
                                    payload?: {
                                        blob?: {
                                            bytes: number;
                                            mediaType: string;
                                            sha256: string;
                                        };
                                        text: string;
                                    };
                                    /** @enum {string} */
                                    priority?: "critical" | "high" | "normal" | "low";
                                    /** @enum {string} */
                                    reason?: "first" | "repeat";
                                    runbookUrl?: string;
                                    service?: string;
                                    /** @enum {string} */
                                    severity: "critical" | "high" | "warning" | "info" | "low";
                                    /** @enum {string} */
                                    source: "alertmanager" | "pagerduty" | "cloudevents" | "generic" | "manual";
                                    /** Format: date-time */
                                    startsAt: string;
                                    /** @enum {string} */
                                    status: "firing" | "resolved";
                                    title: string;
                                };
                                episode: number;
                                fingerprint: string;
                                firstSeen: string;
                                id: string;
                                lastSeen: string;
                                occurrences: number;
                                org: string;
                                sequence: number;
                                sessionId: string | null;
                                sessionStatus: string | null;
                                /** @enum {string} */
                                severity: "critical" | "high" | "warning" | "info" | "low";
                                source: string;
                                /** @enum {string} */
                                status: "firing" | "resolved";
                                title: string;
                            }[];
                            next: string | null;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Send one alert or an array; durable before the answer */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key with the same body gives the same answer; with another body 422. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AlertInput"] | components["schemas"]["AlertInput"][];
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["IngestAnswer"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alerts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One alert and the session that looks into it */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            alert: {
                                alertType?: string;
                                annotations: {
                                    [key: string]: string;
                                };
                                chain?: string;
                                description: string;
                                /** Format: date-time */
                                endsAt?: string;
                                environment?: string;
                                fingerprint: string;
                                groupKey?: string;
                                labels: {
                                    [key: string]: string;
                                };
                                links: {
                                    href: string;
                                    rel: string;
                                }[];
                                overrideFault?: string;
                                overrides?: {
                                    budget?: {
                                        tokens?: number;
                                        tool_calls?: number;
                                        usd?: number;
                                        wall_seconds?: number;
                                    };
                                    chain?: string;
                                    labels?: {
                                        [key: string]: string;
                                    };
                                    mcpServers?: string[];
                                    /** @enum {string} */
                                    priority?: "critical" | "high" | "normal" | "low";
                                    runbook?: string;
                                    slackFingerprint?: string;
                                    tools?: string[];
                                };
                                payload?: {
                                    blob?: {
                                        bytes: number;
                                        mediaType: string;
                                        sha256: string;
                                    };
                                    text: string;
                                };
                                /** @enum {string} */
                                priority?: "critical" | "high" | "normal" | "low";
                                /** @enum {string} */
                                reason?: "first" | "repeat";
                                runbookUrl?: string;
                                service?: string;
                                /** @enum {string} */
                                severity: "critical" | "high" | "warning" | "info" | "low";
                                /** @enum {string} */
                                source: "alertmanager" | "pagerduty" | "cloudevents" | "generic" | "manual";
                                /** Format: date-time */
                                startsAt: string;
                                /** @enum {string} */
                                status: "firing" | "resolved";
                                title: string;
                            };
                            episode: number;
                            fingerprint: string;
                            firstSeen: string;
                            id: string;
                            lastSeen: string;
                            occurrences: number;
                            org: string;
                            sequence: number;
                            sessionId: string | null;
                            sessionStatus: string | null;
                            /** @enum {string} */
                            severity: "critical" | "high" | "warning" | "info" | "low";
                            source: string;
                            /** @enum {string} */
                            status: "firing" | "resolved";
                            title: string;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alerts/facets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How many alerts there are of each status, severity, source and label
         * @description Each facet is counted as if it had no filter of its own; `total` by all filters.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                    /** @description As it was after this message of the log; to be asked for before: `POST /v1/projections/:name/as-of`. */
                    at?: number;
                    /** @description What came of it when it was heard of, between `from` and `to` where they are given. */
                    came?: "opened" | "joined" | "resolved";
                    from?: string;
                    /** @description These and no other, separated by commas. */
                    id?: string;
                    /** @description `name=value`, repeatable; all must match. */
                    label?: string | string[];
                    /** @description Of the session that looks into it. */
                    session_status?: string;
                    /** @description One or several, separated by commas. */
                    severity?: string;
                    /** @description One or several, separated by commas. */
                    source?: string;
                    status?: "firing" | "resolved";
                    text?: string;
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Facets"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Walk the hash chains of the log and of a copy of it; the whole log, or one session */
        get: {
            parameters: {
                query?: {
                    /** @description The copy to compare with. */
                    against?: "postgres" | "archive";
                    session?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AuditReport"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/backup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A backup of everything, of all orgs, as it is at one position of the log
         * @description Gzipped lines of JSON. The last line has the checksum: without it the file is no whole backup.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/gzip": string;
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/backup/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What no backup holds: keys of persons, and tombstones of erased sessions, of all orgs
         * @description Lines of JSON. Keep only the newest: it is what makes older backups forget.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The file. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/x-ndjson": string;
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/commands/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a public command: StartSession, ForkSession, CancelSession, PauseSession, RecordEvaluation, ResumeSession, SendMessage, CancelExecution, AnswerInput, AskSession, HoldSession, ReleaseHold, EraseSession, ForgetPerson, ScheduleTask, CancelTask, RerunTask */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key with the same body gives the same answer; with another body 422. */
                    "idempotency-key"?: string;
                };
                path: {
                    name: string;
                };
                cookie?: never;
            };
            /** @description The command's data. */
            requestBody: {
                content: {
                    "application/json": unknown;
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CommandAnswer"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/configuration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The configuration in force, its chains, its warnings and the versions before it */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Configuration"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/configuration/chains/{chain}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every value that a chain runs under, and which layer and line decided it; no secrets */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    chain: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ChainExplanation"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/consumers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How far each handler is: pending, in flight, redelivered, and the oldest that is not settled */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            readonly items: components["schemas"]["Consumer"][];
                            next: null;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/costs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the org's sessions cost, over days */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                    agent?: string;
                    /** @description As it was after this message of the log; to be asked for before: `POST /v1/projections/:name/as-of`. */
                    at?: number;
                    by?: "day" | "org" | "chain" | "agent" | "model";
                    chain?: string;
                    /** @description The first day, in UTC; today without it. */
                    from?: string;
                    /** @description `<provider>/<model>`. */
                    model?: string;
                    /** @description A second name to sum by: each line then has its `split`. */
                    split?: "day" | "org" | "chain" | "agent" | "model";
                    /** @description The last day; today without it. */
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Costs"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Messages that were parked, the newest first, with the reason
         * @description `count` is of all that are open, whatever the filter.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Of the error. */
                    code?: string;
                    /** @description The handler that parked it. */
                    consumer?: string;
                    /** @description `next` of the page before. */
                    cursor?: string;
                    limit?: number;
                    status?: ("open" | "retried" | "dropped") | "all";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            count: number;
                            readonly items: components["schemas"]["DeadLetter"][];
                            next: string | null;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One parked message with its whole payload, and what was decided of it */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeadLetter"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/{id}/drop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Leave it for good; who did so and why is kept */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeadLetter"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give the message back to the handler it was parked by, to that one alone; the same again changes nothing */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never> | null;
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeadLetter"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/evaluations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Runs of evaluation cases, the latest first */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                    /** @description As it was after this message of the log; to be asked for before: `POST /v1/projections/:name/as-of`. */
                    at?: number;
                    case?: string;
                    /** @description `next` of the page before. */
                    cursor?: string;
                    limit?: number;
                    /** @description true or false. */
                    passed?: string;
                    tag?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            readonly items: components["schemas"]["Evaluation"][];
                            next: string | null;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The raw events of the org, as CloudEvents, the latest first; `limit` counts commits
         * @description A page by `correlation` looks into 20,000 commits: it may be short, or empty, and yet have a `next`.
         */
        get: {
            parameters: {
                query?: {
                    /** @description `<kind>:<id>` such as `user:jo`, or the kind alone. */
                    actor?: string;
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                    category?: "session" | "alert" | "task" | "definition" | "access" | "ledger" | "erasure" | "person";
                    /** @description The correlation id, whole. */
                    correlation?: string;
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description Written then or later. */
                    from?: string;
                    /** @description With a `session` that is a fork: also what it shares with its source, as it happened there. */
                    inherited?: string;
                    limit?: number;
                    /** @description `desc`: the latest commit first. */
                    order?: "asc" | "desc";
                    session?: string;
                    /** @description Only commits after this log sequence. */
                    since?: number;
                    /** @description Written before. */
                    to?: string;
                    /** @description A part of the name, such as `tool_call`; several with commas. */
                    type?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            readonly items: components["schemas"]["StoredEvent"][];
                            next: string | null;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All sessions, alerts and tasks of the org as lines of JSON, in log order */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Lines of JSON. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/x-ndjson": string;
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lines of an export become sessions, alerts and tasks of the org, as history
         * @description All is checked first. What is here already is left out when it is identical, else all is refused.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ImportReport"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inputs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What people are and were asked, the latest first */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                    /** @description As it was after this message of the log; to be asked for before: `POST /v1/projections/:name/as-of`. */
                    at?: number;
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description One or several, separated by commas. */
                    kind?: string;
                    limit?: number;
                    session?: string;
                    /** @description One or several, separated by commas. */
                    status?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            readonly items: components["schemas"]["Input"][];
                            next: string | null;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inputs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One question: what is asked, until when, and who answered what */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Input"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inputs/{id}/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answer it; the first answer counts, and a later one is told who was first */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key with the same body gives the same answer; with another body 422. */
                    "idempotency-key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["InputAnswerInput"];
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Written"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orgs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The orgs that anything has happened in, by name: what `Casebook-Org` may say */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Org"][];
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What runs, waits and failed; alerts in, times to the first finding and to the end; cost of the day */
        get: {
            parameters: {
                query?: {
                    /** @description How far back it looks. */
                    hours?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Overview"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/people/forget": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Destroy the key that a person is stored under: what they wrote is read as "forgotten" everywhere */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key with the same body gives the same answer; with another body 422. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description As in X-Casebook-Actor, without `user:`. */
                        person: string;
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Written"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** State, position, head, lag and failure of each projection, and what is being built of it */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            readonly items: components["schemas"]["Projection"][];
                            next: null;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projections/{name}/as-of": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fill one beside the one that serves, as it was then; kept until it has not been read for a while
         * @description Lists answer from it by `?at=<sequence>` when it is `ready`. Asked for again it is the same one.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["MomentInput"];
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            generation: number;
                            name: string;
                            position: number;
                            /** @description The last message of the log that it has seen, once it is ready. */
                            sequence: number;
                            /** @enum {string} */
                            state: "filling" | "ready";
                            /**
                             * Format: date-time
                             * @description It is dropped then, unless it is read before.
                             */
                            until: string;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projections/{name}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Drop what is being filled; what serves goes on */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description False when nothing was being filled. */
                            cancelled: boolean;
                            name: string;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projections/{name}/drop-as-of": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Drop those of other times */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            readonly dropped: number[];
                            name: string;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projections/{name}/drop-old": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Drop the generations that were replaced */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            readonly dropped: number[];
                            name: string;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projections/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let what is being filled stand still until it is resumed */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                            /** @description False when nothing was being filled. */
                            paused: boolean;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projections/{name}/rebuild": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fill a new generation from the log beside the one that serves, and put it in its place
         * @description Asked for again meanwhile it is the same one. It is done when `generation` is the one given here.
         */
        post: {
            parameters: {
                query?: {
                    /** @description What is mirrored is read from the archive, and the rest from the log. */
                    from?: "log" | "archive";
                };
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            generation: number;
                            name: string;
                            /** @enum {boolean} */
                            rebuilding: true;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projections/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a paused projection, and what is being filled of it, try again from where it stopped */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            name: string;
                            /** @description False when it was not paused. */
                            resumed: boolean;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projections/{name}/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fill a shadow from the log and compare every row with what serves
         * @description It is done when `verification.generation` is the one given here.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            generation: number;
                            name: string;
                            /** @enum {boolean} */
                            verifying: true;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projections/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Server-sent events: each projection as it is, and again whenever it has changed, twice a second
         * @description Asked for an upgrade, the same comes over a WebSocket, each frame as one JSON message `{event, id?, data}`; `?after=` resumes.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Server-sent events. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/retention/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Dry run: which sessions retention policies erase, when, and which a legal hold keeps */
        get: {
            parameters: {
                query?: {
                    /** @description What has expired by then; absent: by now. */
                    at?: string;
                    /** @description As if this were the only policy, instead of those of the configuration. */
                    keep_days?: number;
                    /** @description Of that policy. */
                    kind?: "alert" | "request" | "task" | "child" | "fork" | "replay";
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RetentionPreview"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sessions, the latest first */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                    alert?: string;
                    /** @description As it was after this message of the log; to be asked for before: `POST /v1/projections/:name/as-of`. */
                    at?: number;
                    chain?: string;
                    /** @description `next` of the page before. */
                    cursor?: string;
                    from?: string;
                    /** @description These and no other, separated by commas. */
                    id?: string;
                    /** @description `investigation`, `fork`, `replay`, or several; without it, replays are left out. */
                    kind?: string;
                    /** @description `name=value`, repeatable; all must match. */
                    label?: string | string[];
                    limit?: number;
                    /** @description What the final analysis says of itself. */
                    outcome?: "conclusive" | "inconclusive";
                    /** @description Of the alert that started it: one or several, separated by commas. */
                    severity?: string;
                    /** @description One or several, separated by commas. */
                    status?: string;
                    text?: string;
                    to?: string;
                    /** @description Whether a person is asked for something. */
                    waiting?: "true" | "false";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            readonly items: components["schemas"]["ListedSession"][];
                            next: string | null;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Start a session directly */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key with the same body gives the same answer; with another body 422. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["StartSessionInput"];
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Written"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One session: stages, executions, summary, final analysis, usage */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                    /** @description As of this version of the session: its number of events. */
                    at?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Session"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /** Erase an ended session for good; a tombstone stays */
        delete: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key with the same body gives the same answer; with another body 422. */
                    "idempotency-key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Written"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/blobs/{hash}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A long text or an attachment, whole, by the SHA-256 that an event of the session names */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    hash: string;
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The bytes, always as a download, under the media type the event gives them. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/octet-stream": string;
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a session; running model and tool calls are aborted */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key with the same body gives the same answer; with another body 422. */
                    "idempotency-key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason?: string;
                    } | null;
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Written"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/chat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was asked about a session since its end, by whom, and the answers */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                    /** @description `next` of the page before. */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            readonly items: components["schemas"]["ChatItem"][];
                            next: string | null;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Ask about a session that has ended; questions are answered one after another */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key with the same body gives the same answer; with another body 422. */
                    "idempotency-key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["AskSessionInput"];
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Asked"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/children": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sessions that were started from it: who asked, why, and how far they are */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                    /** @description `next` of the page before. */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            readonly items: {
                                agent: string | null;
                                depth: number;
                                endedAt: string | null;
                                executionId: string | null;
                                id: string;
                                /** @enum {string} */
                                relation: "sub_task" | "follow_up";
                                startedAt: string;
                                /** @enum {string} */
                                status: "running" | "completed" | "failed" | "cancelled";
                                title: string;
                                toolCallId: string | null;
                                why: string;
                            }[];
                            next: string | null;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/conversation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every agent and helper of the session, and the turns its model was asked for */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Conversation"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/costs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What it cost, by stage, agent, helper and model */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SessionCosts"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/evaluations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Record how a session that has ended did as the run of an evaluation case */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key with the same body gives the same answer; with another body 422. */
                    "idempotency-key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RecordEvaluationInput"];
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Written"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The raw events, as CloudEvents; `limit` counts commits */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                    /** @description Only events up to this version of the session. */
                    at?: number;
                    /** @description `next` of the page before. */
                    cursor?: string;
                    limit?: number;
                    /** @description `desc`: the latest commit first. */
                    order?: "asc" | "desc";
                    /** @description One or several, separated by commas. */
                    type?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            readonly items: components["schemas"]["StoredEvent"][];
                            next: string | null;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/executions/{executionId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End one agent or helper; its stage goes on by its policy */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key with the same body gives the same answer; with another body 422. */
                    "idempotency-key"?: string;
                };
                path: {
                    executionId: string;
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason?: string;
                    } | null;
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Written"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/executions/{executionId}/turns/{turn}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One turn: the exact messages and tools the model was sent, and its answer */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                    /** @description Absent: the last one. */
                    attempt?: number;
                };
                header?: never;
                path: {
                    executionId: string;
                    id: string;
                    turn: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ConversationTurn"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A session as lines of JSON: its stored events, byte for byte, and the long texts they name */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Lines of JSON. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/x-ndjson": string;
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/fork": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start a session that shares the first events of this one and goes on with something changed */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key with the same body gives the same answer; with another body 422. */
                    "idempotency-key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ForkSessionInput"];
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Written"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/forks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sessions that share its history: forks and replays, the latest first */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                    /** @description `next` of the page before. */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            readonly items: components["schemas"]["Fork"][];
                            next: string | null;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Legal hold: nothing erases the session */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key with the same body gives the same answer; with another body 422. */
                    "idempotency-key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Written"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say something to one agent, or to every agent at work; heard at the next step */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key with the same body gives the same answer; with another body 422. */
                    "idempotency-key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SendMessageInput"];
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Written"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pause: calls under way finish, nothing new begins */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key with the same body gives the same answer; with another body 422. */
                    "idempotency-key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason?: string;
                    } | null;
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Written"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the legal hold */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key with the same body gives the same answer; with another body 422. */
                    "idempotency-key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never> | null;
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Written"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide it again on what models, tools and people said: the same events, or the first divergence
         * @description Appends nothing and asks nobody.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never> | null;
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ReplayReport"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/replays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run it once more under another model or prompt, its tools answered from what was recorded */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key with the same body gives the same answer; with another body 422. */
                    "idempotency-key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ReplaySessionInput"];
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Written"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Resume: it goes on where it was */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key with the same body gives the same answer; with another body 422. */
                    "idempotency-key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never> | null;
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Written"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The folded state, now or at any version */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                    /** @description As of this version of the session: its number of events. */
                    at?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Of that commit: SHA-256 over the hash before it and what it holds. */
                            hash: string;
                            /** @description Of the commit that holds the version. */
                            sequence: number;
                            session: components["schemas"]["Session"] | null;
                            /** @description What decisions are made on. */
                            state: {
                                status: string;
                            } & {
                                [key: string]: unknown;
                            };
                            version: number;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Server-sent events: snapshot, then commits; `Last-Event-ID` resumes without a snapshot
         * @description Asked for an upgrade, the same comes over a WebSocket, each frame as one JSON message `{event, id?, data}`; `?after=` resumes.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Server-sent events. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The readable timeline */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                    /** @description As of this version of the session: its number of events. */
                    at?: number;
                    /** @description `next` of the page before. */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            readonly items: components["schemas"]["TimelineItem"][];
                            next: string | null;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/tool-calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tool calls with their arguments and results */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                    /** @description `next` of the page before. */
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            readonly items: components["schemas"]["ToolCall"][];
                            next: string | null;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/tool-calls/{callId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One tool call with its arguments and its result */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                };
                header?: never;
                path: {
                    callId: string;
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ToolCall"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/waterfall": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where its time went: stages, agents, helpers, model and tool calls as bars */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                    /** @description As of this version of the session: its number of events. */
                    at?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Waterfall"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel all sessions that are like that, asked with their number */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["CancelSessionsInput"];
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            cancelled: number;
                            over: number;
                            readonly refused: {
                                code: string;
                                id: string;
                                message: string;
                            }[];
                            sequence: number;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/facets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How many sessions there are of each status, kind, chain, severity, outcome and label
         * @description Each facet is counted as if it had no filter of its own; `total` by all filters.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                    alert?: string;
                    /** @description As it was after this message of the log; to be asked for before: `POST /v1/projections/:name/as-of`. */
                    at?: number;
                    chain?: string;
                    from?: string;
                    /** @description These and no other, separated by commas. */
                    id?: string;
                    /** @description `investigation`, `fork`, `replay`, or several; without it, replays are left out. */
                    kind?: string;
                    /** @description `name=value`, repeatable; all must match. */
                    label?: string | string[];
                    /** @description What the final analysis says of itself. */
                    outcome?: "conclusive" | "inconclusive";
                    /** @description Of the alert that started it: one or several, separated by commas. */
                    severity?: string;
                    /** @description One or several, separated by commas. */
                    status?: string;
                    text?: string;
                    to?: string;
                    /** @description Whether a person is asked for something. */
                    waiting?: "true" | "false";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Facets"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Server-sent events: every commit of the org from now on, or from `Last-Event-ID`
         * @description Asked for an upgrade, the same comes over a WebSocket, each frame as one JSON message `{event, id?, data}`; `?after=` resumes.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                    /** @description Only the types of what happens in all others, for a page that reads what it shows. */
                    brief?: "true" | "false";
                    /** @description Tell this session as its own stream does: a snapshot, and text as it is written. It has to be there. */
                    session?: string;
                    /** @description `false`: the session begins without its snapshot, as it does on resuming; nothing of its past is read. */
                    snapshot?: "true" | "false";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Server-sent events. */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tasks, the latest first */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                    /** @description As it was after this message of the log; to be asked for before: `POST /v1/projections/:name/as-of`. */
                    at?: number;
                    /** @description `next` of the page before. */
                    cursor?: string;
                    /** @description `name=value`, repeatable; all must match. */
                    label?: string | string[];
                    limit?: number;
                    /** @description One or several, separated by commas. */
                    status?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            readonly items: components["schemas"]["Task"][];
                            next: string | null;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        /** Schedule a task: a session at a moment, at once, or again and again */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key with the same body gives the same answer; with another body 422. */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ScheduleTaskInput"];
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Written"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One task: when it is due, its latest runs and their sessions */
        get: {
            parameters: {
                query?: {
                    /** @description Wait until the read model has reached this sequence. */
                    after?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Task"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tasks/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel what is ahead; a session under way goes on */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key with the same body gives the same answer; with another body 422. */
                    "idempotency-key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        reason?: string;
                    } | null;
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Written"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tasks/{id}/rerun": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run it once more, at once */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /** @description The same key with the same body gives the same answer; with another body 422. */
                    "idempotency-key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": Record<string, never> | null;
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Written"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tool servers: whether they are there, since when, and who uses them */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["ToolServer"][];
                            next: null;
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/warnings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What somebody should look at: parked messages, paused read models, tool servers that are down */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            readonly items: components["schemas"]["Warning"][];
                        };
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/alertmanager": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Alertmanager webhook, version 4 body as sent */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        alerts: unknown[];
                        externalURL?: string;
                        /** @default  */
                        groupKey?: string;
                        notification_reason?: string;
                        receiver?: string;
                        title?: string;
                        /** @enum {string} */
                        version?: "1" | "4";
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["IngestAnswer"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/cloudevents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** CloudEvents 1.0: structured, binary or batch */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["IngestAnswer"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        /** CloudEvents webhook validation */
        options: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/pagerduty": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** PagerDuty webhook, version 3 body as sent */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        event: {
                            data: {
                                [key: string]: unknown;
                            };
                            event_type: string;
                            id: string;
                            occurred_at?: string;
                        } & {
                            [key: string]: unknown;
                        };
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["IngestAnswer"];
                    };
                };
                /** @description Problem */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                500: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
                /** @description Problem */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Alert: {
            alertType?: string;
            annotations?: {
                [key: string]: string;
            };
            chain?: string;
            description?: string;
            /** Format: date-time */
            endsAt?: string;
            environment?: string;
            fingerprint?: string;
            labels?: {
                [key: string]: string;
            };
            overrides?: {
                budget?: {
                    tokens?: number;
                    tool_calls?: number;
                    usd?: number;
                    wall_seconds?: number;
                };
                chain?: string;
                labels?: {
                    [key: string]: string;
                };
                mcpServers?: string[];
                /** @enum {string} */
                priority?: "critical" | "high" | "normal" | "low";
                runbook?: string;
                slackFingerprint?: string;
                tools?: string[];
            };
            payload?: components["schemas"]["shared-schema0"];
            /** Format: uri */
            runbookUrl?: string;
            service?: string;
            /** @default warning */
            severity: unknown;
            /** Format: date-time */
            startsAt?: string;
            /**
             * @default firing
             * @enum {string}
             */
            status: "firing" | "resolved";
            title: string;
        };
        AlertInput: {
            alertType?: string;
            annotations?: {
                [key: string]: string;
            };
            chain?: string;
            description?: string;
            /** Format: date-time */
            endsAt?: string;
            environment?: string;
            fingerprint?: string;
            labels?: {
                [key: string]: string;
            };
            overrides?: {
                budget?: {
                    tokens?: number;
                    tool_calls?: number;
                    usd?: number;
                    wall_seconds?: number;
                };
                chain?: string;
                labels?: {
                    [key: string]: string;
                };
                mcpServers?: string[];
                /** @enum {string} */
                priority?: "critical" | "high" | "normal" | "low";
                runbook?: string;
                slackFingerprint?: string;
                tools?: string[];
            };
            payload?: components["schemas"]["shared-schema0"];
            /** Format: uri */
            runbookUrl?: string;
            service?: string;
            severity?: string;
            /** Format: date-time */
            startsAt?: string;
            /**
             * @default firing
             * @enum {string}
             */
            status: "firing" | "resolved";
            title: string;
        };
        /** @description The answer comes under `executionId`, live and in `GET …/chat`. */
        Asked: {
            executionId: string;
            id: string;
            sequence: number;
            version: number;
        };
        AskSession: {
            text: string;
        };
        AskSessionInput: {
            text: string;
        };
        AuditReport: {
            checked: number;
            ok: boolean;
            readonly problems: {
                detail: string;
                kind: string;
                sequence: number;
                subject: string;
            }[];
            upTo: number;
        };
        CancelSessions: {
            /** @description How many sessions you mean to end: as many as there are, or nothing is done. */
            count: number;
            /** @description As the query of the list; of these, those that have not ended. */
            filter: {
                alert?: string;
                chain?: string;
                /** Format: date-time */
                from?: string;
                /** @description These and no other, separated by commas. */
                id?: string[];
                /** @description `investigation`, `fork`, `replay`, or several; without it, replays are left out. */
                kind?: ("investigation" | "fork" | "replay")[];
                /** @description `name=value`, repeatable; all must match. */
                label?: string[];
                /**
                 * @description What the final analysis says of itself.
                 * @enum {string}
                 */
                outcome?: "conclusive" | "inconclusive";
                /** @description Of the alert that started it: one or several, separated by commas. */
                severity?: ("critical" | "high" | "warning" | "info" | "low")[];
                /** @description One or several, separated by commas. */
                status?: ("queued" | "running" | "summarizing" | "completed" | "failed" | "cancelled")[];
                text?: string;
                /** Format: date-time */
                to?: string;
                /** @description Whether a person is asked for something. */
                waiting?: unknown;
            };
            reason?: string;
        };
        CancelSessionsInput: {
            /** @description How many sessions you mean to end: as many as there are, or nothing is done. */
            count: number;
            /** @description As the query of the list; of these, those that have not ended. */
            filter: {
                alert?: string;
                chain?: string;
                /** Format: date-time */
                from?: string;
                /** @description These and no other, separated by commas. */
                id?: string;
                /** @description `investigation`, `fork`, `replay`, or several; without it, replays are left out. */
                kind?: string;
                /** @description `name=value`, repeatable; all must match. */
                label?: string | string[];
                /**
                 * @description What the final analysis says of itself.
                 * @enum {string}
                 */
                outcome?: "conclusive" | "inconclusive";
                /** @description Of the alert that started it: one or several, separated by commas. */
                severity?: string;
                /** @description One or several, separated by commas. */
                status?: string;
                text?: string;
                /** Format: date-time */
                to?: string;
                /**
                 * @description Whether a person is asked for something.
                 * @enum {string}
                 */
                waiting?: "true" | "false";
            };
            reason?: string;
        };
        ChainExplanation: {
            chain: string;
            hash: string;
            parts: {
                readonly fields: {
                    field: string;
                    from: string;
                    /** @enum {string} */
                    layer: "built-in" | "defaults" | "provider" | "server" | "agent" | "chain" | "stage" | "environment";
                    value: components["schemas"]["shared-schema0"];
                }[];
                title: string;
            }[];
        };
        ChatItem: {
            answer: {
                blob?: {
                    bytes: number;
                    mediaType: string;
                    sha256: string;
                };
                text: string;
            } | null;
            askedAt: string;
            askedBy: {
                id: string;
                /** @enum {string} */
                kind: "user" | "service" | "handler" | "agent";
            };
            cause: {
                code: string;
                eventId?: string;
                message: string;
                nextStep: string;
            } | null;
            cost: {
                unpricedReplies: number;
                usdMicros: number;
            };
            endedAt: string | null;
            executions: string[];
            id: string;
            model: string | null;
            number: number;
            org: string;
            question: {
                blob?: {
                    bytes: number;
                    mediaType: string;
                    sha256: string;
                };
                text: string;
            };
            sequence: number;
            sessionId: string;
            simulated: boolean;
            startedAt: string | null;
            /** @enum {string} */
            status: "waiting" | "answering" | "answered" | "failed" | "cancelled";
            toolCalls: {
                id: string;
                name: string;
                status: string;
            }[];
            turns: number;
            usage: {
                cachedInputTokens?: number;
                inputTokens: number;
                outputTokens: number;
                reasoningTokens?: number;
            };
        };
        CommandAnswer: {
            executionId?: string;
            id: string;
            /** @enum {string} */
            outcome: "accepted" | "unchanged";
            sequence: number;
            version: number;
        };
        Configuration: {
            chains: string[];
            defaultChain: string;
            hash: string;
            /**
             * Format: date-time
             * @description By this process.
             */
            loadedAt: string;
            /** @description The latest fifty, the newest first. */
            versions: components["schemas"]["ConfigurationVersion"][];
            warnings: {
                file: string;
                line: number;
                message: string;
                path: string;
            }[];
        };
        ConfigurationVersion: {
            /** @description Against the version before. */
            changes: {
                entry: string;
                /** @enum {string} */
                what: "added" | "changed" | "removed";
            }[];
            hash: string;
            /** Format: date-time */
            loadedAt: string;
            sequence: number;
        };
        ConfigurationVersionInput: {
            /** @description Against the version before. */
            changes: {
                entry: string;
                /** @enum {string} */
                what: "added" | "changed" | "removed";
            }[];
            hash: string;
            /** Format: date-time */
            loadedAt: string;
            sequence: number;
        };
        Consumer: {
            consumer: string;
            head: number;
            /** @description Given and not settled. */
            inFlight: number;
            /** @description When the oldest message that is not settled was written; null when none is. */
            oldest: string | null;
            /** @description Messages it has not been given yet. */
            pending: number;
            /** @description Of those in flight, how many were given more than once. */
            redelivered: number;
            settledUpTo: number;
            stream: string;
        };
        Conversation: {
            executions: {
                agent: string;
                id: string;
                /** @description Of a helper: who called on it. */
                parentId: string | null;
                /** @description Null for who answers questions about the session. */
                stage: string | null;
                status: string;
                readonly turns: components["schemas"]["TurnLine"][];
            }[];
            /** @description The session it goes on from. */
            fork: {
                at: number;
                sessionId: string;
            } | null;
            status: string;
            title: string;
            version: number;
        };
        ConversationTurn: {
            agent: string;
            attempt: number;
            /** @description What the model takes in one prompt. */
            contextTokens: number;
            executionId: string;
            failure: {
                attempt: number;
                /** @enum {string} */
                class: "transient" | "rate_limited" | "timeout" | "repetition" | "auth" | "invalid_request" | "other";
                executionId: string;
                message: string;
                partialText?: string;
                turn: number;
            } | null;
            readonly messages: {
                /** @enum {string} */
                role: "system" | "user" | "assistant" | "tool";
                text: string;
                toolCallId?: string;
                toolCalls?: {
                    arguments: string;
                    id: string;
                    name: string;
                }[];
            }[];
            /** @enum {string} */
            mode: "normal" | "forced_conclusion" | "nudge";
            model: string;
            /** @description As the model counted them; by four characters each where it has not answered. */
            promptTokens: number;
            provider: string;
            reply: {
                by: {
                    model: string;
                    provider: string;
                    simulated: boolean;
                };
                citations?: {
                    title?: string;
                    url: string;
                }[];
                costMicros?: number;
                durationMs: number;
                executionId: string;
                /** @enum {string} */
                finishReason: "stop" | "tool_calls" | "length" | "content_filter" | "other";
                firstTokenMs?: number;
                text: {
                    blob?: {
                        bytes: number;
                        mediaType: string;
                        sha256: string;
                    };
                    text: string;
                };
                thinking?: {
                    blob?: {
                        bytes: number;
                        mediaType: string;
                        sha256: string;
                    };
                    text: string;
                };
                toolCalls: {
                    arguments: string;
                    name: string;
                    toolCallId: string;
                }[];
                turn: number;
                usage: {
                    cachedInputTokens?: number;
                    inputTokens: number;
                    outputTokens: number;
                    reasoningTokens?: number;
                };
            } | null;
            /** @enum {string} */
            status: "open" | "answered" | "failed" | "held" | "ended";
            readonly tools: {
                description: string;
                /** @enum {string} */
                effect: "read_only" | "idempotent" | "unsafe";
                inputSchema: components["schemas"]["shared-schema0"];
                name: string;
                server: string;
                tool: string;
            }[];
            turn: number;
        };
        Costs: {
            /** @enum {string} */
            by: "day" | "org" | "chain" | "agent" | "model";
            /** Format: date */
            from: string;
            items: {
                key: string;
                priced: {
                    inputTokens: number;
                    outputTokens: number;
                    replies: number;
                    usd: number | null;
                    usdMicros: number;
                };
                split?: string;
                unpriced: {
                    inputTokens: number;
                    outputTokens: number;
                    replies: number;
                };
            }[];
            /** Format: date */
            to: string;
            total: {
                priced: {
                    inputTokens: number;
                    outputTokens: number;
                    replies: number;
                    usd: number | null;
                    usdMicros: number;
                };
                unpriced: {
                    inputTokens: number;
                    outputTokens: number;
                    replies: number;
                };
            };
        };
        DeadLetter: {
            attempts: number;
            consumer: string;
            decision: {
                /** Format: date-time */
                at: string;
                by: {
                    id: string;
                    /** @enum {string} */
                    kind: "user" | "service" | "handler" | "agent";
                };
                reason?: string;
                /** @enum {string} */
                what: "retried" | "dropped";
            } | null;
            entry?: number;
            error: {
                code: string;
                message: string;
            };
            headers: {
                [key: string]: string;
            };
            id: string;
            masked?: boolean;
            messageId?: string;
            /** Format: date-time */
            parkedAt: string;
            payload: string;
            payloadBlob?: {
                bytes: number;
                mediaType: string;
                sha256: string;
            };
            position: number;
            retryOf?: string;
            sequence?: number;
            /** @enum {string} */
            status: "open" | "retried" | "dropped";
            stream?: string;
            subject: string;
        };
        Evaluation: {
            at: string;
            case: string;
            checks: {
                found: string;
                /** @enum {string} */
                kind: "status" | "expected" | "must_not" | "outcome" | "calls" | "must_not_call" | "cost" | "tokens";
                passed: boolean;
                wanted: string;
            }[];
            costMicros: number;
            passed: boolean;
            run: number;
            sequence: number;
            sessionId: string;
            tags: string[];
            tokens: number;
            /** @enum {string} */
            tools: "recorded" | "live";
        };
        Facets: {
            capped: boolean;
            facets: {
                [key: string]: {
                    count: number;
                    value: string;
                }[];
            };
            total: number;
        };
        Fork: {
            at: number;
            changes: {
                agent?: string;
                instructions?: string;
                model?: {
                    model: string;
                    provider: string;
                };
                stage?: string;
                task?: string;
                toolResults?: {
                    /**
                     * @default succeeded
                     * @enum {string}
                     */
                    outcome: "succeeded" | "tool_error" | "failed";
                    text: string;
                    toolCallId: string;
                }[];
                useAgent?: string;
            };
            drift: {
                calls: {
                    added: number;
                    missing: number;
                    same: number;
                };
                costMicros: {
                    replay: number;
                    source: number;
                };
                finalAnalysis: {
                    replay?: {
                        blob?: {
                            bytes: number;
                            mediaType: string;
                            sha256: string;
                        };
                        text: string;
                    };
                    source?: {
                        blob?: {
                            bytes: number;
                            mediaType: string;
                            sha256: string;
                        };
                        text: string;
                    };
                };
                notRecorded: string[];
                outcome: {
                    replay?: string;
                    source?: string;
                };
                status: {
                    replay: string;
                    source: string;
                };
                tokens: {
                    replay: number;
                    source: number;
                };
                turns: {
                    replay: number;
                    source: number;
                };
            } | null;
            id: string;
            /** @enum {string} */
            kind: "fork" | "replay";
            /** @default null */
            outcome: ("conclusive" | "inconclusive") | null;
            startedAt: string;
            status: string;
            title: string;
        };
        ForkSession: {
            /** @description The version of the source that is shared: its number of events. */
            at: number;
            changes?: {
                agent?: string;
                instructions?: string;
                model?: {
                    model: string;
                    provider: string;
                };
                stage?: string;
                task?: string;
                toolResults?: {
                    /**
                     * @default succeeded
                     * @enum {string}
                     */
                    outcome: "succeeded" | "tool_error" | "failed";
                    text: string;
                    toolCallId: string;
                }[];
                useAgent?: string;
            };
            title?: string;
        };
        ForkSessionInput: {
            /** @description The version of the source that is shared: its number of events. */
            at: number;
            changes?: {
                agent?: string;
                instructions?: string;
                model?: {
                    model: string;
                    provider: string;
                };
                stage?: string;
                task?: string;
                toolResults?: {
                    /**
                     * @default succeeded
                     * @enum {string}
                     */
                    outcome: "succeeded" | "tool_error" | "failed";
                    text: string;
                    toolCallId: string;
                }[];
                useAgent?: string;
            };
            title?: string;
        };
        Health: {
            parts: {
                [key: string]: {
                    detail?: string;
                    ok: boolean;
                };
            };
            ready: boolean;
            /** @enum {string} */
            status: "ok" | "degraded";
        };
        ImportReport: {
            blobs: number;
            commits: number;
            /** @description Sessions that were erased here, and are left out. */
            erased: number;
            streams: number;
            /** @description Those that were not here yet. */
            written: number;
        };
        IngestAnswer: {
            accepted: number;
            duplicates: number;
            readonly results: {
                alertId?: string;
                error?: string;
                index: number;
                /** @description Of the episode under way; a new one is told by GET /v1/alerts/:id. */
                sessionId?: string;
                /** @enum {string} */
                status: "accepted" | "duplicate" | "invalid";
            }[];
        };
        Input: {
            answer: ({
                arguments?: components["schemas"]["shared-schema0"];
                /** @constant */
                kind: "approve";
                /**
                 * @default once
                 * @enum {string}
                 */
                scope: "once" | "session";
            } | {
                /** @constant */
                kind: "deny";
                /** @default  */
                reason: string;
            } | {
                /** @constant */
                kind: "reply";
                text: string;
            } | {
                by: number;
                /** @constant */
                kind: "raise";
            } | {
                /** @constant */
                kind: "finish";
            } | {
                content?: {
                    [key: string]: string | number | boolean | string[];
                };
                /** @constant */
                kind: "accept";
            } | {
                /** @constant */
                kind: "decline";
            } | {
                /** @constant */
                kind: "cancel";
            }) | null;
            answeredBy: {
                id: string;
                /** @enum {string} */
                kind: "user" | "service" | "handler" | "agent";
            } | null;
            closedAt: string | null;
            expiresAt: string;
            id: string;
            /** @enum {string} */
            kind: "tool_approval" | "question" | "budget" | "elicitation";
            org: string;
            question: {
                arguments: components["schemas"]["shared-schema0"];
                /** @enum {string} */
                effect: "read_only" | "idempotent" | "unsafe";
                executionId: string;
                /** @constant */
                kind: "tool_approval";
                name: string;
                reason: string;
                server: string;
                tool: string;
                toolCallId: string;
                turn: number;
            } | {
                executionId: string;
                /** @constant */
                kind: "question";
                text: string;
                toolCallId: string;
            } | {
                /** @enum {string} */
                budget: "tokens" | "cost" | "wall_time" | "tool_calls";
                /** Format: date */
                day?: string;
                executionId?: string;
                /** @constant */
                kind: "budget";
                limit: number;
                used: number;
            } | {
                attempt: number;
                executionId: string;
                /** @constant */
                kind: "elicitation";
                message: string;
                request: {
                    /** @constant */
                    mode: "form";
                    requestedSchema: {
                        properties: {
                            [key: string]: {
                                default?: string;
                                description?: string;
                                oneOf: {
                                    const: string;
                                    title: string;
                                }[];
                                title?: string;
                                /** @constant */
                                type: "string";
                            } | {
                                default?: string;
                                description?: string;
                                enum: string[];
                                enumNames?: string[];
                                title?: string;
                                /** @constant */
                                type: "string";
                            } | {
                                default?: string;
                                description?: string;
                                /** @enum {string} */
                                format?: "email" | "uri" | "date" | "date-time";
                                maxLength?: number;
                                minLength?: number;
                                title?: string;
                                /** @constant */
                                type: "string";
                            } | {
                                default?: number;
                                description?: string;
                                maximum?: number;
                                minimum?: number;
                                title?: string;
                                /** @enum {string} */
                                type: "number" | "integer";
                            } | {
                                default?: boolean;
                                description?: string;
                                title?: string;
                                /** @constant */
                                type: "boolean";
                            } | {
                                default?: string[];
                                description?: string;
                                items: {
                                    enum: string[];
                                    /** @constant */
                                    type?: "string";
                                } | {
                                    anyOf: {
                                        const: string;
                                        title: string;
                                    }[];
                                };
                                maxItems?: number;
                                minItems?: number;
                                title?: string;
                                /** @constant */
                                type: "array";
                            };
                        };
                        required?: string[];
                        /** @constant */
                        type: "object";
                    };
                } | {
                    /** @constant */
                    mode: "url";
                    /** Format: uri */
                    url: string;
                };
                server: string;
                tool: string;
                toolCallId: string;
            };
            requestedAt: string;
            sequence: number;
            sessionId: string;
            /** @enum {string} */
            status: "open" | "answered" | "expired" | "withdrawn";
        };
        InputAnswer: {
            arguments?: components["schemas"]["shared-schema0"];
            /** @constant */
            kind: "approve";
            /**
             * @default once
             * @enum {string}
             */
            scope: "once" | "session";
        } | {
            /** @constant */
            kind: "deny";
            /** @default  */
            reason: string;
        } | {
            /** @constant */
            kind: "reply";
            text: string;
        } | {
            by: number;
            /** @constant */
            kind: "raise";
        } | {
            /** @constant */
            kind: "finish";
        } | {
            content?: {
                [key: string]: string | number | boolean | string[];
            };
            /** @constant */
            kind: "accept";
        } | {
            /** @constant */
            kind: "decline";
        } | {
            /** @constant */
            kind: "cancel";
        };
        InputAnswerInput: {
            arguments?: components["schemas"]["shared-schema0"];
            /** @constant */
            kind: "approve";
            /**
             * @default once
             * @enum {string}
             */
            scope: "once" | "session";
        } | {
            /** @constant */
            kind: "deny";
            /** @default  */
            reason: string;
        } | {
            /** @constant */
            kind: "reply";
            text: string;
        } | {
            by: number;
            /** @constant */
            kind: "raise";
        } | {
            /** @constant */
            kind: "finish";
        } | {
            content?: {
                [key: string]: string | number | boolean | string[];
            };
            /** @constant */
            kind: "accept";
        } | {
            /** @constant */
            kind: "decline";
        } | {
            /** @constant */
            kind: "cancel";
        };
        ListedSession: {
            alertId: string | null;
            alertType: string | null;
            cause: {
                code: string;
                eventId?: string;
                message: string;
                nextStep: string;
            } | null;
            chain: string | null;
            chainReason: string | null;
            /**
             * @default {
             *       "questions": 0,
             *       "open": 0,
             *       "answering": null
             *     }
             */
            chat: {
                answering: string | null;
                open: number;
                questions: number;
            };
            /** @default [] */
            children: {
                agent: string | null;
                depth: number;
                endedAt: string | null;
                executionId: string | null;
                id: string;
                /** @enum {string} */
                relation: "sub_task" | "follow_up";
                startedAt: string;
                /** @enum {string} */
                status: "running" | "completed" | "failed" | "cancelled";
                title: string;
                toolCallId: string | null;
                why: string;
            }[];
            correlationId: string;
            /**
             * @default {
             *       "usdMicros": 0,
             *       "unpricedReplies": 0
             *     }
             */
            cost: {
                unpricedReplies: number;
                usdMicros: number;
            };
            currentStage: {
                name: string;
                number: number;
                of: number;
            } | null;
            endedAt: string | null;
            /** @default null */
            fork: {
                at: number;
                changes: {
                    agent?: string;
                    instructions?: string;
                    model?: {
                        model: string;
                        provider: string;
                    };
                    stage?: string;
                    task?: string;
                    toolResults?: {
                        /**
                         * @default succeeded
                         * @enum {string}
                         */
                        outcome: "succeeded" | "tool_error" | "failed";
                        text: string;
                        toolCallId: string;
                    }[];
                    useAgent?: string;
                };
                drift: {
                    calls: {
                        added: number;
                        missing: number;
                        same: number;
                    };
                    costMicros: {
                        replay: number;
                        source: number;
                    };
                    finalAnalysis: {
                        replay?: {
                            blob?: {
                                bytes: number;
                                mediaType: string;
                                sha256: string;
                            };
                            text: string;
                        };
                        source?: {
                            blob?: {
                                bytes: number;
                                mediaType: string;
                                sha256: string;
                            };
                            text: string;
                        };
                    };
                    notRecorded: string[];
                    outcome: {
                        replay?: string;
                        source?: string;
                    };
                    status: {
                        replay: string;
                        source: string;
                    };
                    tokens: {
                        replay: number;
                        source: number;
                    };
                    turns: {
                        replay: number;
                        source: number;
                    };
                } | null;
                inherited: {
                    cost: {
                        unpricedReplies: number;
                        usdMicros: number;
                    };
                    usage: {
                        cachedInputTokens?: number;
                        inputTokens: number;
                        outputTokens: number;
                        reasoningTokens?: number;
                    };
                };
                /** @enum {string} */
                kind: "fork" | "replay";
                sessionId: string;
            } | null;
            /** @default null */
            held: string | null;
            id: string;
            labels: {
                [key: string]: string;
            };
            /** @default null */
            missing: string | null;
            org: string;
            /** @default null */
            origin: ({
                alertId: string;
                /** @constant */
                kind: "alert";
            } | {
                /** @constant */
                kind: "request";
            } | {
                /** @constant */
                kind: "task";
                run: number;
                taskId: string;
            } | {
                alertId?: string;
                depth?: number;
                executionId?: string;
                /** @constant */
                kind: "child";
                parentSessionId: string;
                /** @enum {string} */
                relation: "sub_task" | "follow_up";
                toolCallId?: string;
                why: string;
            } | {
                at: number;
                /** @enum {string} */
                kind: "fork" | "replay";
                sessionId: string;
            }) | null;
            /** @default null */
            outcome: ("conclusive" | "inconclusive") | null;
            /** @default [] */
            overrides: {
                field: string;
                /** @constant */
                layer: "session";
                value: components["schemas"]["shared-schema0"];
            }[];
            /** @default false */
            paused: boolean;
            /** @default null */
            queue: {
                /** @enum {string} */
                lane: "critical" | "high" | "normal" | "low";
                position: number | null;
                since: string;
            } | null;
            sequence: number;
            severity: string | null;
            simulated: boolean;
            startedAt: string;
            /** @default null */
            startedBy: {
                id: string;
                /** @enum {string} */
                kind: "user" | "service" | "handler" | "agent";
            } | null;
            /** @enum {string} */
            status: "queued" | "running" | "summarizing" | "completed" | "failed" | "cancelled";
            summary: string | null;
            title: string;
            toolCalls: {
                refused: number;
                requested: number;
                settled: number;
            };
            usage: {
                cachedInputTokens?: number;
                inputTokens: number;
                outputTokens: number;
                reasoningTokens?: number;
            };
            version: number;
            /** @default [] */
            waitingFor: string[];
        };
        Moment: {
            /** @description As it was after this message of the log. */
            sequence?: number;
            /**
             * Format: date-time
             * @description As it was at this moment, by the times of the commits.
             */
            time?: string;
        };
        MomentInput: {
            /** @description As it was after this message of the log. */
            sequence?: number;
            /**
             * Format: date-time
             * @description As it was at this moment, by the times of the commits.
             */
            time?: string;
        };
        Org: {
            id: string;
        };
        Overview: {
            alerts: {
                firing: number;
                in: number;
                joined: number;
                opened: number;
                resolved: number;
            };
            buckets: {
                completed: number;
                failed: number;
                from: string;
                joined: number;
                opened: number;
                started: number;
            }[];
            costToday: {
                day: string;
                limitUsdMicros: number | null;
                unpricedReplies: number;
                usdMicros: number;
            };
            from: string;
            intake: {
                oldestAt: string | null;
                waiting: number;
            };
            now: string;
            sessions: {
                cancelled: number;
                completed: number;
                failed: number;
                queued: number;
                running: number;
                waiting: number;
            };
            toDone: {
                count: number;
                medianMs: number | null;
                p95Ms: number | null;
            };
            toFirstFinding: {
                count: number;
                medianMs: number | null;
                p95Ms: number | null;
            };
        };
        Problem: {
            code: string;
            correlationId: string;
            detail: string;
            errors?: {
                message: string;
                path: string;
            }[];
            instance: string;
            lag?: number;
            status: number;
            title: string;
            type: string;
        };
        Projection: {
            /** @description Of other times: kept for a while, or being filled. */
            readonly asOf: {
                generation: number;
                position: number;
                /** @description The last message of the log that it has seen, once it is ready. */
                sequence: number;
                /** @enum {string} */
                state: "filling" | "ready";
                /**
                 * Format: date-time
                 * @description It is dropped then, unless it is read before.
                 */
                until: string;
            }[];
            /** @description What is being filled beside what serves, or waits for its turn. */
            readonly builds: {
                epoch: string;
                /** @description Seconds; null when it does not move. */
                eta: number | null;
                /** @description Events a second, lately. */
                eventRate: number;
                /** @description The entry that stopped it; null when a person paused it. */
                failure: {
                    /** Format: date-time */
                    at: string;
                    code: string;
                    /** @default null */
                    eventId: string | null;
                    message: string;
                    sequence: number;
                    subject: string;
                } | null;
                generation: number;
                head: number;
                /** @enum {string} */
                kind: "rebuild" | "verify" | "as_of";
                position: number;
                /** @description Log messages a second, lately. */
                rate: number;
                /** Format: date-time */
                requestedAt: string;
                /** @enum {string} */
                source: "log" | "archive";
                /** @enum {string} */
                state: "queued" | "running" | "paused";
                /** @description Where it is to stop; null: at the end of the log. */
                target: number | null;
                version: number;
            }[];
            epoch: string;
            failure: {
                /** Format: date-time */
                at: string;
                code: string;
                /** @default null */
                eventId: string | null;
                message: string;
                sequence: number;
                subject: string;
            } | null;
            generation: number;
            head: number;
            lag: number;
            name: string;
            /** @description Generations that were replaced and not dropped yet. */
            readonly old: number[];
            position: number;
            /** @description Log messages a second, lately; absent where it is not run. */
            rate?: number;
            /** @enum {string} */
            state: "starting" | "catching_up" | "live" | "paused" | "stopped";
            /** @description The last one. */
            verification: {
                /** Format: date-time */
                at: string;
                /** @description All of them. */
                differences: number;
                /** @description The first fifty. */
                readonly first: {
                    readonly columns: string[];
                    key: {
                        [key: string]: unknown;
                    };
                    /** @enum {string} */
                    kind: "changed" | "missing" | "surplus";
                    table: string;
                }[];
                /** @description The number that was given when it was asked for. */
                generation: number;
                ok: boolean;
                position: number;
                rows: number;
            } | null;
            version: number;
        };
        RecordEvaluation: {
            case: string;
            checks: {
                found: string;
                /** @enum {string} */
                kind: "status" | "expected" | "must_not" | "outcome" | "calls" | "must_not_call" | "cost" | "tokens";
                passed: boolean;
                wanted: string;
            }[];
            run: number;
            tags: string[];
            /** @enum {string} */
            tools: "recorded" | "live";
        };
        RecordEvaluationInput: {
            case: string;
            checks: {
                found: string;
                /** @enum {string} */
                kind: "status" | "expected" | "must_not" | "outcome" | "calls" | "must_not_call" | "cost" | "tokens";
                passed: boolean;
                wanted: string;
            }[];
            run: number;
            tags: string[];
            /** @enum {string} */
            tools: "recorded" | "live";
        };
        ReplayReport: {
            commits: number;
            events: number;
            /** @constant */
            kind: "same";
        } | {
            /** @description That was decided again; null where none leads to such events. */
            command: string | null;
            expected: {
                data: unknown;
                type: string;
            } | null;
            got: {
                data: unknown;
                type: string;
            } | null;
            /** @constant */
            kind: "diverged";
            reason: string;
            sequence: number;
            /** @description Of the first event that differs. */
            version: number;
        };
        ReplaySession: {
            /** @description Where it goes on from; the adoption of the plan when absent. */
            at?: number;
            changes?: {
                agent?: string;
                instructions?: string;
                model?: {
                    model: string;
                    provider: string;
                };
                stage?: string;
                task?: string;
                toolResults?: {
                    /**
                     * @default succeeded
                     * @enum {string}
                     */
                    outcome: "succeeded" | "tool_error" | "failed";
                    text: string;
                    toolCallId: string;
                }[];
                useAgent?: string;
            };
            title?: string;
        };
        ReplaySessionInput: {
            /** @description Where it goes on from; the adoption of the plan when absent. */
            at?: number;
            changes?: {
                agent?: string;
                instructions?: string;
                model?: {
                    model: string;
                    provider: string;
                };
                stage?: string;
                task?: string;
                toolResults?: {
                    /**
                     * @default succeeded
                     * @enum {string}
                     */
                    outcome: "succeeded" | "tool_error" | "failed";
                    text: string;
                    toolCallId: string;
                }[];
                useAgent?: string;
            };
            title?: string;
        };
        RetentionPreview: {
            at: string;
            readonly items: {
                endedAt: string;
                expiresAt: string;
                held: string | null;
                id: string;
                keepDays: number;
                /** @enum {string} */
                kind: "alert" | "request" | "task" | "child" | "fork" | "replay";
                org: string;
                policy: string;
                title: string;
            }[];
            readonly policies: {
                expired: number;
                held: number;
                keepDays: number | "forever";
                kind: ("alert" | "request" | "task" | "child" | "fork" | "replay") | null;
                name: string;
                org: string | null;
            }[];
        };
        ScheduleTask: {
            /**
             * Format: date-time
             * @description When it is due; without it, or when it has passed: at once.
             */
            at?: string;
            chain?: string;
            /**
             * @description What to look into, in words or as data; masked before it is kept.
             * @default
             */
            input: string;
            /** @default {} */
            labels: {
                [key: string]: string;
            };
            overrides?: {
                budget?: {
                    tokens?: number;
                    tool_calls?: number;
                    usd?: number;
                    wall_seconds?: number;
                };
                chain?: string;
                labels?: {
                    [key: string]: string;
                };
                mcpServers?: string[];
                /** @enum {string} */
                priority?: "critical" | "high" | "normal" | "low";
                runbook?: string;
                slackFingerprint?: string;
                tools?: string[];
            };
            /** @enum {string} */
            priority?: "critical" | "high" | "normal" | "low";
            repeat?: {
                every_seconds: number;
                times: number;
            };
            title: string;
        };
        ScheduleTaskInput: {
            /**
             * Format: date-time
             * @description When it is due; without it, or when it has passed: at once.
             */
            at?: string;
            chain?: string;
            /**
             * @description What to look into, in words or as data; masked before it is kept.
             * @default
             */
            input: string;
            /** @default {} */
            labels: {
                [key: string]: string;
            };
            overrides?: {
                budget?: {
                    tokens?: number;
                    tool_calls?: number;
                    usd?: number;
                    wall_seconds?: number;
                };
                chain?: string;
                labels?: {
                    [key: string]: string;
                };
                mcpServers?: string[];
                /** @enum {string} */
                priority?: "critical" | "high" | "normal" | "low";
                runbook?: string;
                slackFingerprint?: string;
                tools?: string[];
            };
            /** @enum {string} */
            priority?: "critical" | "high" | "normal" | "low";
            repeat?: {
                every_seconds: number;
                times: number;
            };
            title: string;
        };
        SendMessage: {
            executionId?: string;
            text: string;
        };
        SendMessageInput: {
            executionId?: string;
            text: string;
        };
        Session: {
            alertId: string | null;
            alertType: string | null;
            cause: {
                code: string;
                eventId?: string;
                message: string;
                nextStep: string;
            } | null;
            chain: string | null;
            chainReason: string | null;
            /**
             * @default {
             *       "questions": 0,
             *       "open": 0,
             *       "answering": null
             *     }
             */
            chat: {
                answering: string | null;
                open: number;
                questions: number;
            };
            /** @default [] */
            children: {
                agent: string | null;
                depth: number;
                endedAt: string | null;
                executionId: string | null;
                id: string;
                /** @enum {string} */
                relation: "sub_task" | "follow_up";
                startedAt: string;
                /** @enum {string} */
                status: "running" | "completed" | "failed" | "cancelled";
                title: string;
                toolCallId: string | null;
                why: string;
            }[];
            correlationId: string;
            /**
             * @default {
             *       "usdMicros": 0,
             *       "unpricedReplies": 0
             *     }
             */
            cost: {
                unpricedReplies: number;
                usdMicros: number;
            };
            currentStage: {
                name: string;
                number: number;
                of: number;
            } | null;
            endedAt: string | null;
            executions: {
                agent: string;
                cause: {
                    code: string;
                    eventId?: string;
                    message: string;
                    nextStep: string;
                } | null;
                conclusion: {
                    blob?: {
                        bytes: number;
                        mediaType: string;
                        sha256: string;
                    };
                    text: string;
                } | null;
                /**
                 * @default {
                 *       "usdMicros": 0,
                 *       "unpricedReplies": 0
                 *     }
                 */
                cost: {
                    unpricedReplies: number;
                    usdMicros: number;
                };
                endedAt: string | null;
                /** @default [] */
                findings: {
                    evidence: {
                        call: number;
                        /** @enum {string} */
                        outcome: "succeeded" | "tool_error" | "failed" | "outcome_unknown";
                        tool: string;
                        toolCallId: string;
                    }[];
                    text: string;
                    unsupported: number[];
                }[];
                id: string;
                /** @default null */
                missing: string | null;
                model: string;
                /** @default null */
                outcome: ("conclusive" | "inconclusive") | null;
                provider: string;
                stageId: string;
                startedAt: string | null;
                status: string;
                turns: number;
                usage: {
                    cachedInputTokens?: number;
                    inputTokens: number;
                    outputTokens: number;
                    reasoningTokens?: number;
                };
            }[];
            finalAnalysis: {
                blob?: {
                    bytes: number;
                    mediaType: string;
                    sha256: string;
                };
                text: string;
            } | null;
            /** @default [] */
            findings: {
                evidence: {
                    call: number;
                    /** @enum {string} */
                    outcome: "succeeded" | "tool_error" | "failed" | "outcome_unknown";
                    tool: string;
                    toolCallId: string;
                }[];
                text: string;
                unsupported: number[];
            }[];
            /** @default null */
            fork: {
                at: number;
                changes: {
                    agent?: string;
                    instructions?: string;
                    model?: {
                        model: string;
                        provider: string;
                    };
                    stage?: string;
                    task?: string;
                    toolResults?: {
                        /**
                         * @default succeeded
                         * @enum {string}
                         */
                        outcome: "succeeded" | "tool_error" | "failed";
                        text: string;
                        toolCallId: string;
                    }[];
                    useAgent?: string;
                };
                drift: {
                    calls: {
                        added: number;
                        missing: number;
                        same: number;
                    };
                    costMicros: {
                        replay: number;
                        source: number;
                    };
                    finalAnalysis: {
                        replay?: {
                            blob?: {
                                bytes: number;
                                mediaType: string;
                                sha256: string;
                            };
                            text: string;
                        };
                        source?: {
                            blob?: {
                                bytes: number;
                                mediaType: string;
                                sha256: string;
                            };
                            text: string;
                        };
                    };
                    notRecorded: string[];
                    outcome: {
                        replay?: string;
                        source?: string;
                    };
                    status: {
                        replay: string;
                        source: string;
                    };
                    tokens: {
                        replay: number;
                        source: number;
                    };
                    turns: {
                        replay: number;
                        source: number;
                    };
                } | null;
                inherited: {
                    cost: {
                        unpricedReplies: number;
                        usdMicros: number;
                    };
                    usage: {
                        cachedInputTokens?: number;
                        inputTokens: number;
                        outputTokens: number;
                        reasoningTokens?: number;
                    };
                };
                /** @enum {string} */
                kind: "fork" | "replay";
                sessionId: string;
            } | null;
            /** @default null */
            held: string | null;
            /** @default [] */
            helpers: {
                agent: string;
                cause: {
                    code: string;
                    eventId?: string;
                    message: string;
                    nextStep: string;
                } | null;
                conclusion: {
                    blob?: {
                        bytes: number;
                        mediaType: string;
                        sha256: string;
                    };
                    text: string;
                } | null;
                /**
                 * @default {
                 *       "usdMicros": 0,
                 *       "unpricedReplies": 0
                 *     }
                 */
                cost: {
                    unpricedReplies: number;
                    usdMicros: number;
                };
                endedAt: string | null;
                /** @default [] */
                findings: {
                    evidence: {
                        call: number;
                        /** @enum {string} */
                        outcome: "succeeded" | "tool_error" | "failed" | "outcome_unknown";
                        tool: string;
                        toolCallId: string;
                    }[];
                    text: string;
                    unsupported: number[];
                }[];
                id: string;
                /** @default null */
                missing: string | null;
                model: string;
                /** @default null */
                outcome: ("conclusive" | "inconclusive") | null;
                parentId: string;
                provider: string;
                stageId: string;
                startedAt: string | null;
                status: string;
                task: string;
                turns: number;
                usage: {
                    cachedInputTokens?: number;
                    inputTokens: number;
                    outputTokens: number;
                    reasoningTokens?: number;
                };
            }[];
            id: string;
            input: {
                blob?: {
                    bytes: number;
                    mediaType: string;
                    sha256: string;
                };
                text: string;
            };
            labels: {
                [key: string]: string;
            };
            /** @default null */
            missing: string | null;
            org: string;
            /** @default null */
            origin: ({
                alertId: string;
                /** @constant */
                kind: "alert";
            } | {
                /** @constant */
                kind: "request";
            } | {
                /** @constant */
                kind: "task";
                run: number;
                taskId: string;
            } | {
                alertId?: string;
                depth?: number;
                executionId?: string;
                /** @constant */
                kind: "child";
                parentSessionId: string;
                /** @enum {string} */
                relation: "sub_task" | "follow_up";
                toolCallId?: string;
                why: string;
            } | {
                at: number;
                /** @enum {string} */
                kind: "fork" | "replay";
                sessionId: string;
            }) | null;
            /** @default null */
            outcome: ("conclusive" | "inconclusive") | null;
            /** @default [] */
            overrides: {
                field: string;
                /** @constant */
                layer: "session";
                value: components["schemas"]["shared-schema0"];
            }[];
            /** @default false */
            paused: boolean;
            /** @default null */
            queue: {
                /** @enum {string} */
                lane: "critical" | "high" | "normal" | "low";
                position: number | null;
                since: string;
            } | null;
            sequence: number;
            severity: string | null;
            simulated: boolean;
            stages: {
                attempt?: number;
                cycle?: number;
                endedAt: string | null;
                id: string;
                index: number;
                name: string;
                startedAt: string | null;
                status: string;
            }[];
            startedAt: string;
            /** @default null */
            startedBy: {
                id: string;
                /** @enum {string} */
                kind: "user" | "service" | "handler" | "agent";
            } | null;
            /** @enum {string} */
            status: "queued" | "running" | "summarizing" | "completed" | "failed" | "cancelled";
            summary: string | null;
            title: string;
            toolCalls: {
                refused: number;
                requested: number;
                settled: number;
            };
            usage: {
                cachedInputTokens?: number;
                inputTokens: number;
                outputTokens: number;
                reasoningTokens?: number;
            };
            version: number;
            /** @default [] */
            waitingFor: string[];
        };
        SessionCosts: {
            byAgent: {
                key: string;
                priced: {
                    inputTokens: number;
                    outputTokens: number;
                    replies: number;
                    usd: number | null;
                    usdMicros: number;
                };
                split?: string;
                unpriced: {
                    inputTokens: number;
                    outputTokens: number;
                    replies: number;
                };
            }[];
            byHelper: {
                key: string;
                priced: {
                    inputTokens: number;
                    outputTokens: number;
                    replies: number;
                    usd: number | null;
                    usdMicros: number;
                };
                split?: string;
                unpriced: {
                    inputTokens: number;
                    outputTokens: number;
                    replies: number;
                };
            }[];
            byModel: {
                key: string;
                priced: {
                    inputTokens: number;
                    outputTokens: number;
                    replies: number;
                    usd: number | null;
                    usdMicros: number;
                };
                split?: string;
                unpriced: {
                    inputTokens: number;
                    outputTokens: number;
                    replies: number;
                };
            }[];
            byStage: {
                key: string;
                priced: {
                    inputTokens: number;
                    outputTokens: number;
                    replies: number;
                    usd: number | null;
                    usdMicros: number;
                };
                split?: string;
                unpriced: {
                    inputTokens: number;
                    outputTokens: number;
                    replies: number;
                };
            }[];
            sessionId: string;
            total: {
                priced: {
                    inputTokens: number;
                    outputTokens: number;
                    replies: number;
                    usd: number | null;
                    usdMicros: number;
                };
                unpriced: {
                    inputTokens: number;
                    outputTokens: number;
                    replies: number;
                };
            };
        };
        "shared-schema0": string | number | boolean | null | components["schemas"]["shared-schema0"][] | {
            [key: string]: components["schemas"]["shared-schema0"];
        };
        StartSession: {
            /** @description One agent instead of a chain. */
            agent?: string;
            chain?: string;
            /**
             * @description What to look into, in words or as data; masked before it is kept.
             * @default
             */
            input: string;
            labels?: {
                [key: string]: string;
            };
            overrides?: {
                budget?: {
                    tokens?: number;
                    tool_calls?: number;
                    usd?: number;
                    wall_seconds?: number;
                };
                chain?: string;
                labels?: {
                    [key: string]: string;
                };
                mcpServers?: string[];
                /** @enum {string} */
                priority?: "critical" | "high" | "normal" | "low";
                runbook?: string;
                slackFingerprint?: string;
                tools?: string[];
            };
            /** @description The session it is started from; a sub_task is cancelled with it. */
            parent?: {
                /**
                 * @default follow_up
                 * @enum {string}
                 */
                relation: "sub_task" | "follow_up";
                sessionId: string;
                /** @default  */
                why: string;
            };
            /**
             * @description How urgent it is, where sessions wait for a place.
             * @enum {string}
             */
            priority?: "critical" | "high" | "normal" | "low";
            title: string;
        };
        StartSessionInput: {
            /** @description One agent instead of a chain. */
            agent?: string;
            chain?: string;
            /**
             * @description What to look into, in words or as data; masked before it is kept.
             * @default
             */
            input: string;
            labels?: {
                [key: string]: string;
            };
            overrides?: {
                budget?: {
                    tokens?: number;
                    tool_calls?: number;
                    usd?: number;
                    wall_seconds?: number;
                };
                chain?: string;
                labels?: {
                    [key: string]: string;
                };
                mcpServers?: string[];
                /** @enum {string} */
                priority?: "critical" | "high" | "normal" | "low";
                runbook?: string;
                slackFingerprint?: string;
                tools?: string[];
            };
            /** @description The session it is started from; a sub_task is cancelled with it. */
            parent?: {
                /**
                 * @default follow_up
                 * @enum {string}
                 */
                relation: "sub_task" | "follow_up";
                sessionId: string;
                /** @default  */
                why: string;
            };
            /**
             * @description How urgent it is, where sessions wait for a place.
             * @enum {string}
             */
            priority?: "critical" | "high" | "normal" | "low";
            title: string;
        };
        StoredEvent: {
            authid: string;
            /** @enum {string} */
            authtype: "user" | "service" | "handler" | "agent";
            causationid: string;
            correlationid: string;
            data: unknown;
            /**
             * @default application/json
             * @constant
             */
            datacontenttype: "application/json";
            dataschema?: string;
            id: string;
            logsequence: number;
            sequence: string;
            source: string;
            /** @constant */
            specversion: "1.0";
            subject: string;
            /** Format: date-time */
            time: string;
            traceparent?: string;
            type: string;
        };
        Task: {
            cancelledBy: {
                id: string;
                /** @enum {string} */
                kind: "user" | "service" | "handler" | "agent";
            } | null;
            chain: string | null;
            correlationId: string;
            createdAt: string;
            createdBy: {
                id: string;
                /** @enum {string} */
                kind: "user" | "service" | "handler" | "agent";
            };
            id: string;
            input: {
                blob?: {
                    bytes: number;
                    mediaType: string;
                    sha256: string;
                };
                text: string;
            };
            labels: {
                [key: string]: string;
            };
            nextAt: string | null;
            org: string;
            overrides: {
                budget?: {
                    tokens?: number;
                    tool_calls?: number;
                    usd?: number;
                    wall_seconds?: number;
                };
                chain?: string;
                labels?: {
                    [key: string]: string;
                };
                mcpServers?: string[];
                /** @enum {string} */
                priority?: "critical" | "high" | "normal" | "low";
                runbook?: string;
                slackFingerprint?: string;
                tools?: string[];
            } | null;
            priority: ("critical" | "high" | "normal" | "low") | null;
            reason: string | null;
            repeat: {
                every_seconds: number;
                times: number;
            } | null;
            runCount: number;
            runs: {
                at: string;
                endedAt: string | null;
                run: number;
                sessionId: string | null;
                startedAt: string | null;
                /** @enum {string} */
                status: "waiting" | "started" | "completed" | "failed" | "cancelled";
                /** @enum {string} */
                why: "scheduled" | "repeat" | "rerun";
            }[];
            sequence: number;
            /** @enum {string} */
            status: "scheduled" | "running" | "ended" | "cancelled";
            title: string;
            version: number;
        };
        TimelineItem: {
            at: string;
            data: unknown;
            index: number;
            kind: string;
            sequence: number;
            text: string;
            title: string;
        };
        ToolCall: {
            arguments: unknown;
            attempts: number;
            begunAt: string | null;
            durationMs: number | null;
            effect: string | null;
            executionId: string;
            id: string;
            late: boolean;
            name: string;
            requestedAt: string;
            result: unknown;
            server: string | null;
            settledAt: string | null;
            status: string;
            tool: string | null;
            turn: number;
        };
        ToolServer: {
            /** Format: date-time */
            checkedAt?: string;
            /** @description What it changed from one listing to the next, lately. */
            readonly drift?: {
                /** Format: date-time */
                at: string;
                fields: string[];
                tool: string;
                /** @enum {string} */
                what: "added" | "removed" | "changed";
            }[];
            /** @description That hold a session with it now. */
            executions: number;
            /** Format: date-time */
            listedAt?: string;
            /** @description Why it is down. */
            reason?: string;
            /** @description Of MCP. */
            revision?: string;
            server: string;
            /** Format: date-time */
            since?: string;
            /**
             * @description `unknown`: not used since this process began.
             * @enum {string}
             */
            status: "up" | "down" | "unknown";
            /** @description As it listed them last; absent until it has. */
            readonly tools?: {
                description: string;
                /** @enum {string} */
                effect: "read_only" | "idempotent" | "unsafe";
                inputSchema: components["schemas"]["shared-schema0"];
                name: string;
                server: string;
                tool: string;
            }[];
        };
        TurnLine: {
            askedAt: string;
            attempt: number;
            /** @description Older turns gave way to a summary for this one. */
            compactedThrough: number | null;
            /** @description Of what a fork shares: the session it happened in. */
            inheritedFrom: string | null;
            /** @enum {string} */
            mode: "normal" | "forced_conclusion" | "nudge";
            settledAt: string | null;
            /**
             * @description `held`: a budget of the day kept it; `ended`: its agent ended first, or a fork asks again.
             * @enum {string}
             */
            status: "open" | "answered" | "failed" | "held" | "ended";
            toolCalls: number;
            turn: number;
            usage: {
                cachedInputTokens?: number;
                inputTokens: number;
                outputTokens: number;
                reasoningTokens?: number;
            } | null;
            why: ("budget" | "loop" | "asked") | null;
        };
        TurnLineInput: {
            askedAt: string;
            attempt: number;
            /** @description Older turns gave way to a summary for this one. */
            compactedThrough: number | null;
            /** @description Of what a fork shares: the session it happened in. */
            inheritedFrom: string | null;
            /** @enum {string} */
            mode: "normal" | "forced_conclusion" | "nudge";
            settledAt: string | null;
            /**
             * @description `held`: a budget of the day kept it; `ended`: its agent ended first, or a fork asks again.
             * @enum {string}
             */
            status: "open" | "answered" | "failed" | "held" | "ended";
            toolCalls: number;
            turn: number;
            usage: {
                cachedInputTokens?: number;
                inputTokens: number;
                outputTokens: number;
                reasoningTokens?: number;
            } | null;
            why: ("budget" | "loop" | "asked") | null;
        };
        Warning: {
            about: string;
            /** @enum {string} */
            code: "dead_letters" | "projection_paused" | "tool_server_down";
            message: string;
            nextStep: string;
        };
        Waterfall: {
            /** @description The session first; each after the one it belongs to. */
            readonly bars: components["schemas"]["WaterfallBar"][];
            /** @description The session it goes on from: what it shares is the waterfall of that one, at that version. */
            fork: {
                at: number;
                sessionId: string;
            } | null;
            sequence: number;
            title: string;
            /** @description Time of its last event. */
            until: string;
            version: number;
        };
        WaterfallBar: {
            /** @description From here to `startedAt` it was queued. */
            askedAt: string;
            attempt?: number;
            /** @description Millionths of a US dollar, with those of the bars below it. */
            costMicros: number;
            endedAt: string | null;
            /** @description Of the stage, execution, tool call or child session; a model call has one of its own. */
            id: string;
            /** @enum {string} */
            kind: "session" | "stage" | "agent" | "helper" | "model" | "tool" | "child";
            name: string;
            /** @description The bar it belongs to; null for the session. */
            parent: string | null;
            startedAt: string | null;
            /** @enum {string} */
            status: "queued" | "running" | "waiting" | "completed" | "succeeded" | "failed" | "refused" | "cancelled" | "held" | "tool_error" | "outcome_unknown";
            turn?: number;
            /**
             * @description With that of the bars below it.
             * @default {
             *       "inputTokens": 0,
             *       "outputTokens": 0
             *     }
             */
            usage: {
                cachedInputTokens?: number;
                inputTokens: number;
                outputTokens: number;
                reasoningTokens?: number;
            };
            /** @description Of the event that asked for it. */
            version: number;
            /** @description When it waited for a person; without an input, it was paused. */
            waits: {
                from: string;
                inputId: string | null;
                to: string | null;
            }[];
        };
        WaterfallBarInput: {
            /** @description From here to `startedAt` it was queued. */
            askedAt: string;
            attempt?: number;
            /** @description Millionths of a US dollar, with those of the bars below it. */
            costMicros: number;
            endedAt: string | null;
            /** @description Of the stage, execution, tool call or child session; a model call has one of its own. */
            id: string;
            /** @enum {string} */
            kind: "session" | "stage" | "agent" | "helper" | "model" | "tool" | "child";
            name: string;
            /** @description The bar it belongs to; null for the session. */
            parent: string | null;
            startedAt: string | null;
            /** @enum {string} */
            status: "queued" | "running" | "waiting" | "completed" | "succeeded" | "failed" | "refused" | "cancelled" | "held" | "tool_error" | "outcome_unknown";
            turn?: number;
            /**
             * @description With that of the bars below it.
             * @default {
             *       "inputTokens": 0,
             *       "outputTokens": 0
             *     }
             */
            usage: {
                cachedInputTokens?: number;
                inputTokens: number;
                outputTokens: number;
                reasoningTokens?: number;
            };
            /** @description Of the event that asked for it. */
            version: number;
            /** @description When it waited for a person; without an input, it was paused. */
            waits: {
                from: string;
                inputId: string | null;
                to: string | null;
            }[];
        };
        /** @description Read your own write with `?after=<sequence>`. */
        Written: {
            id: string;
            sequence: number;
            version: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
