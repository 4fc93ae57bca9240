package io.ottla.console.rest;

/** Ends a call with an error of the API. */
final class ApiFailure extends RuntimeException {
    private final int code;

    ApiFailure(int code, String message) {
        super(message);
        this.code = code;
    }

    ApiError error() {
        return new ApiError(code, getMessage());
    }
}
