/**
 * Made by `npm run types` from server/openapi.json. Not to be edited.
 */

export interface paths {
    "/api/m/enter": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["enterMobile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/oauth": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["finishMobileSignIn"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["readMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/jssdk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["signPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/tag-names": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["readTagNames"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/sidebar/{externalUserid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["readSidebar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/sidebar/{externalUserid}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["readSidebarTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/sidebar/{externalUserid}/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["readSidebarOrders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/sidebar/{externalUserid}/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["followSidebar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/sidebar/{externalUserid}/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["changeSidebarTags"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/sidebar/{externalUserid}/stages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["moveFromSidebar"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/sidebar/{externalUserid}/stages/{stayId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["undoFromSidebar"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/sidebar/{externalUserid}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["noteFromSidebar"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/sidebar/{externalUserid}/mentionable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["listMentionableFromSidebar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/sidebar/{externalUserid}/notes/{noteId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch: operations["editNoteFromSidebar"];
        trace?: never;
    };
    "/api/m/sidebar/{externalUserid}/remark": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["putRemark"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/sidebar/chats/{chatId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["readSidebarChat"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/sidebar/chats/{chatId}/outgoing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["prepareForChat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/sidebar/chats/{chatId}/sent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["noteSentToChat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/library": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["searchFromSidebar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/media/{mediaAssetId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["readMobilePicture"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/sidebar/{externalUserid}/sayings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["suggestInSidebar"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/sidebar/{externalUserid}/outgoing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["prepareOutgoing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/sidebar/{externalUserid}/sent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["noteSent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/sidebar/{externalUserid}/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["followUpFromSidebar"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/tasks/{taskId}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["endTaskFromSidebar"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/tasks/{taskId}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["reopenTaskFromSidebar"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/radar/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["beginReading"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/radar/beats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["tellReading"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/radar/quiet": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["setReadingQuiet"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/forms/visits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["tellFormVisit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/forms/answers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["submitForm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/m/forms/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["uploadFormFile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: never;
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    enterMobile: {
        parameters: {
            query: {
                corp: string;
                kind: "member" | "customer";
                to: string;
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
                content?: never;
            };
        };
    };
    finishMobileSignIn: {
        parameters: {
            query: {
                code: string;
                state: string;
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
                content?: never;
            };
        };
    };
    readMe: {
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
                        name: string;
                        staffId: string;
                        permissions: string[];
                    };
                };
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    signPage: {
        parameters: {
            query: {
                url: string;
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
                        timestamp: number;
                        nonceStr: string;
                        corp: string;
                        agent: string;
                    };
                };
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    readTagNames: {
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
                        groups: {
                            tagGroupId: string;
                            name: string;
                            tags: {
                                tagId: string;
                                name: string;
                            }[];
                        }[];
                    };
                };
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    readSidebar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                externalUserid: string;
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
                        /** @enum {string} */
                        is: "mine";
                        /** Format: date-time */
                        now: string;
                        contactId: string;
                        name: string;
                        avatar: string | null;
                        gender: number;
                        corpName: string | null;
                        pair: {
                            remark: string;
                            description: string;
                            /** Format: date-time */
                            addedAt: string;
                            addWay: number | null;
                            code: string | null;
                        } | null;
                        lostAt: string | null;
                        colleagues: string[];
                        tags: {
                            tagId: string;
                            name: string;
                            groupName: string;
                            /** @enum {string} */
                            source: "staff" | "rule" | "wecom" | "self";
                            by: string | null;
                            mine: boolean;
                        }[];
                        suggestedTags: {
                            tagId: string;
                            name: string;
                            stage: string | null;
                            customers: number;
                        }[];
                        flows: {
                            flowId: string;
                            name: string;
                            stageId: string | null;
                            since: string | null;
                            stages: {
                                stageId: string;
                                name: string;
                                /** @enum {string} */
                                kind: "open" | "won" | "lost";
                                missing: string[];
                            }[];
                        }[];
                        lostReasons: {
                            lostReasonId: string;
                            name: string;
                        }[];
                        spent: {
                            count: number;
                            totalFen: number;
                            lastPaidAt: string | null;
                        } | null;
                        member: {
                            level: string | null;
                            points: number;
                        } | null;
                        orders: {
                            orderId: string;
                            shop: string;
                            orderNo: string;
                            /** @enum {string} */
                            state: "placed" | "paid" | "closed";
                            /** Format: date-time */
                            placedAt: string;
                            amountFen: number;
                            refundedFen: number;
                            items: string[];
                            more: number;
                        }[];
                        timeline: {
                            items: {
                                eventId: string;
                                contactId: string;
                                contactName: string;
                                /** Format: date-time */
                                at: string;
                                kind: string;
                                title: string | null;
                                source: string;
                                trusted: boolean;
                                staffId: string | null;
                                staffName: string | null;
                                props: {
                                    [key: string]: unknown;
                                };
                            }[];
                            count: number;
                            isFloor: boolean;
                        };
                        tasks: {
                            taskId: string;
                            title: string;
                            note: string;
                            say: string;
                            coupon: string;
                            /** Format: date-time */
                            dueAt: string;
                            late: boolean;
                        }[];
                        notes: {
                            noteId: string;
                            text: string;
                            author: string;
                            /** Format: date-time */
                            at: string;
                            mine: boolean;
                        }[];
                    } | {
                        /** @enum {string} */
                        is: "theirs";
                        followers: string[];
                    };
                };
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    readSidebarTimeline: {
        parameters: {
            query?: {
                before?: string;
                limit?: number;
            };
            header?: never;
            path: {
                externalUserid: string;
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
                        items: {
                            eventId: string;
                            contactId: string;
                            contactName: string;
                            /** Format: date-time */
                            at: string;
                            kind: string;
                            title: string | null;
                            source: string;
                            trusted: boolean;
                            staffId: string | null;
                            staffName: string | null;
                            props: {
                                [key: string]: unknown;
                            };
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    readSidebarOrders: {
        parameters: {
            query?: {
                before?: string;
                limit?: number;
            };
            header?: never;
            path: {
                externalUserid: string;
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
                        items: {
                            orderId: string;
                            shop: string;
                            orderNo: string;
                            /** @enum {string} */
                            state: "placed" | "paid" | "closed";
                            /** Format: date-time */
                            placedAt: string;
                            amountFen: number;
                            refundedFen: number;
                            items: string[];
                            more: number;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    followSidebar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                externalUserid: string;
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
                content?: never;
            };
        };
    };
    changeSidebarTags: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                externalUserid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @default [] */
                    add?: string[];
                    /** @default [] */
                    remove?: string[];
                };
            };
        };
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    moveFromSidebar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                externalUserid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    stageId: string;
                    /** @default  */
                    reason?: string;
                    lostReasonId?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        stayId: string;
                    };
                };
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    undoFromSidebar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                externalUserid: string;
                stayId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    noteFromSidebar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                externalUserid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    text: string;
                    /** @default [] */
                    mentions?: string[];
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        noteId: string;
                    };
                };
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    listMentionableFromSidebar: {
        parameters: {
            query?: {
                q?: string;
            };
            header?: never;
            path: {
                externalUserid: string;
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
                        items: {
                            staffId: string;
                            name: string;
                            avatar: string | null;
                        }[];
                    };
                };
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    editNoteFromSidebar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                externalUserid: string;
                noteId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    text: string;
                    /** @default [] */
                    mentions?: string[];
                };
            };
        };
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    putRemark: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                externalUserid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    remark: string;
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
                    "application/json": {
                        before: string;
                    };
                };
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    readSidebarChat: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                chatId: string;
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
                        groupChatId: string;
                        name: string;
                        owner: string;
                        notice: string;
                        members: number;
                        outsiders: number;
                        customers: number;
                        joined7: number;
                        left7: number;
                        level: ("alive" | "quiet" | "dead") | null;
                        score: number | null;
                        people: {
                            externalUserid: string;
                            name: string;
                            avatar: string | null;
                            mine: boolean;
                            stage: {
                                name: string;
                                color: string;
                            } | null;
                            spentFen: number | null;
                            orders: number | null;
                            opens: number;
                        }[];
                    };
                };
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    prepareForChat: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                chatId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    piece: "material" | "script";
                    id: string;
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
                    "application/json": {
                        messages: ({
                            /** @enum {string} */
                            msgtype: "text";
                            text: {
                                content: string;
                            };
                        } | {
                            /** @enum {string} */
                            msgtype: "image";
                            image: {
                                mediaid: string;
                            };
                        } | {
                            /** @enum {string} */
                            msgtype: "video";
                            video: {
                                mediaid: string;
                            };
                        } | {
                            /** @enum {string} */
                            msgtype: "file";
                            file: {
                                mediaid: string;
                            };
                        } | {
                            /** @enum {string} */
                            msgtype: "news";
                            news: {
                                link: string;
                                title: string;
                                desc: string;
                                imgUrl: string;
                            };
                        } | {
                            /** @enum {string} */
                            msgtype: "miniprogram";
                            miniprogram: {
                                appid: string;
                                title: string;
                                imgUrl: string;
                                page: string;
                            };
                        })[];
                        version: number;
                        key: string;
                        /** Format: date-time */
                        at: string;
                    };
                };
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    noteSentToChat: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                chatId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    piece: "material" | "script";
                    id: string;
                    version: number;
                    key: string;
                    /** Format: date-time */
                    at: string;
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
                    "application/json": {
                        isNew: boolean;
                    };
                };
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    searchFromSidebar: {
        parameters: {
            query?: {
                q?: string;
                kinds?: string;
                limit?: number;
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
                        items: {
                            /** @enum {string} */
                            piece: "material" | "script";
                            id: string;
                            /** @enum {string} */
                            kind: "text" | "image" | "video" | "file" | "pdf" | "link" | "article" | "mini_program" | "poster" | "product" | "script";
                            title: string;
                            snippet: string;
                            pictureId: string | null;
                            version: number;
                            uses: number;
                            /** @enum {string} */
                            where: "title" | "text" | "recent";
                            own: boolean;
                        }[];
                    };
                };
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    readMobilePicture: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                mediaAssetId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    suggestInSidebar: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path: {
                externalUserid: string;
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
                        said: string | null;
                        items: {
                            scriptId: string;
                            title: string;
                            own: boolean;
                            text: string;
                            parts: number;
                            reasons: {
                                /** @enum {string} */
                                code: "said" | "stage" | "recent" | "often" | "quick";
                                words: string[];
                                stage: string | null;
                            }[];
                        }[];
                    };
                };
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    prepareOutgoing: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                externalUserid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    piece: "material" | "script";
                    id: string;
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
                    "application/json": {
                        messages: ({
                            /** @enum {string} */
                            msgtype: "text";
                            text: {
                                content: string;
                            };
                        } | {
                            /** @enum {string} */
                            msgtype: "image";
                            image: {
                                mediaid: string;
                            };
                        } | {
                            /** @enum {string} */
                            msgtype: "video";
                            video: {
                                mediaid: string;
                            };
                        } | {
                            /** @enum {string} */
                            msgtype: "file";
                            file: {
                                mediaid: string;
                            };
                        } | {
                            /** @enum {string} */
                            msgtype: "news";
                            news: {
                                link: string;
                                title: string;
                                desc: string;
                                imgUrl: string;
                            };
                        } | {
                            /** @enum {string} */
                            msgtype: "miniprogram";
                            miniprogram: {
                                appid: string;
                                title: string;
                                imgUrl: string;
                                page: string;
                            };
                        })[];
                        version: number;
                        key: string;
                        /** Format: date-time */
                        at: string;
                    };
                };
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    noteSent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                externalUserid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    piece: "material" | "script";
                    id: string;
                    version: number;
                    key: string;
                    /** Format: date-time */
                    at: string;
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
                    "application/json": {
                        isNew: boolean;
                    };
                };
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    followUpFromSidebar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                externalUserid: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    title: string;
                    /** Format: date-time */
                    dueAt: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        taskId: string;
                    };
                };
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    endTaskFromSidebar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                taskId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    as: "done" | "skipped" | "cancelled";
                    /** @default  */
                    outcome?: string;
                };
            };
        };
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    reopenTaskFromSidebar: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                taskId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    beginReading: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    token: string;
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
                    "application/json": {
                        view: string;
                    };
                };
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    tellReading: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    view: string;
                    n: number;
                    seconds: number;
                    depth: number;
                    /** @default [] */
                    pages?: number[];
                    /** @default false */
                    bye?: boolean;
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
                    "application/json": {
                        counted: boolean;
                        ended: boolean;
                        forward: string | null;
                    };
                };
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    setReadingQuiet: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    view: string;
                    quiet: boolean;
                };
            };
        };
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    tellFormVisit: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    visit: string;
                    /** @enum {string} */
                    what: "opened" | "started";
                };
            };
        };
        responses: {
            /** @description Default Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    submitForm: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    visit: string;
                    answers: {
                        [key: string]: string | number | string[];
                    };
                    /** @default [] */
                    consents?: ("profile" | "phone" | "news")[];
                    /** @default  */
                    website?: string;
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
                    "application/json": {
                        words: string;
                        hasCode: boolean;
                        codeOf: string | null;
                        material: {
                            title: string;
                            path: string;
                        } | null;
                    };
                };
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
    uploadFormFile: {
        parameters: {
            query?: never;
            header: {
                "x-form-visit": string;
                "x-form-field": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Default Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        fileId: string;
                    };
                };
            };
            /** @description Default Response */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        code: string;
                        message: string;
                        requestId: string;
                        fields?: {
                            [key: string]: string;
                        };
                    };
                };
            };
        };
    };
}
