package io.ottla.console.rest;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A refusal. The first three digits of the code are HTTP's status. */
record ApiError(@JsonProperty("error_code") int errorCode, String message) {
    static final int BAD_REQUEST = 40001;
    static final int REFUSED_BY_CLUSTER = 40002;
    static final int DENIED = 40301;
    static final int NOT_ALLOWED = 40302;
    static final int NOT_FOUND = 404;
    static final int NO_SUCH_CLUSTER = 40401;
    static final int NO_SUCH_BROKER = 40402;
    static final int NO_SUCH_TOPIC = 40403;
    static final int NO_SUCH_PARTITION = 40404;
    static final int NO_SUCH_GROUP = 40405;
    static final int NO_SUCH_CONFIG = 40406;
    static final int NO_SUCH_USER = 40409;
    static final int NO_SUCH_TRANSACTION = 40410;
    static final int NO_SUCH_PERSON = 40411;
    static final int NO_SUCH_TOKEN = 40412;
    static final int NO_SUCH_NODE = 40413;
    static final int NOT_HANGING = 40901;
    static final int TOO_MANY = 42201;
    static final int UNPROCESSABLE = 42202;
    static final int CONFLICT = 40902;
    static final int TAKEN = 40903;
    static final int IN_USE = 40904;
    static final int IMPOSSIBLE = 42203;
    static final int CLUSTER_FAILED = 50002;
    static final int BUSY = 50301;
    static final int NO_ANSWER = 50401;

    private static final int CODES_A_STATUS = 100;
    private static final int HIGHEST_STATUS = 599;

    int status() {
        return errorCode > HIGHEST_STATUS ? errorCode / CODES_A_STATUS : errorCode;
    }
}
