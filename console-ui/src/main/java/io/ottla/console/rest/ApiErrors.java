package io.ottla.console.rest;

import io.ottla.console.access.Forbidden;
import io.ottla.console.clusters.ClusterFailure;
import io.ottla.console.pages.Mistyped;
import io.ottla.console.records.Unreadable;
import io.ottla.console.security.ApiAnswer;
import io.ottla.console.security.Paths;
import io.ottla.console.words.BrokenJson;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.exc.MismatchedInputException;

/** Turns every failure below the API's paths into its error body. */
final class ApiErrors implements HandlerExceptionResolver, ApiAnswer, Ordered {
    private static final Logger log = LoggerFactory.getLogger(ApiErrors.class);

    private final ObjectMapper json;

    ApiErrors(ObjectMapper json) {
        this.json = json;
    }

    /** Before Spring's own, which would answer in its own form. */
    @Override
    public int getOrder() {
        return -1;
    }

    @Override
    public ModelAndView resolveException(
            HttpServletRequest request, HttpServletResponse response, Object handler, Exception failure) {
        if (!Paths.isApi(request) || response.isCommitted()) {
            return null;
        }
        try {
            if (failure instanceof ErrorResponse known) {
                known.getHeaders().forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
            }
            write(response, error(failure));
        } catch (IOException goneAway) {
            log.debug("Nobody reads the answer any more", goneAway);
        }
        return new ModelAndView();
    }

    @Override
    public void write(HttpServletResponse response, int status, String message) throws IOException {
        write(response, new ApiError(status, message));
    }

    private void write(HttpServletResponse response, ApiError error) throws IOException {
        byte[] body = json.writeValueAsBytes(error);
        response.setStatus(error.status());
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static ApiError error(Exception failure) {
        return switch (failure) {
            case ApiFailure known -> known.error();
            case Unreadable unreadable ->
                new ApiError(
                        unreadable.inBody() ? ApiError.UNPROCESSABLE : ApiError.BAD_REQUEST, unreadable.getMessage());
            case Mistyped mistyped -> new ApiError(ApiError.BAD_REQUEST, mistyped.getMessage());
            case Forbidden forbidden -> new ApiError(ApiError.NOT_ALLOWED, forbidden.getMessage());
            case ClusterFailure cluster -> new ApiError(code(cluster), cluster.getMessage());
            case HttpMessageNotReadableException unreadable ->
                new ApiError(ApiError.BAD_REQUEST, "Expected a JSON object of the documented fields" + why(unreadable));
            case MissingServletRequestParameterException missing ->
                new ApiError(
                        ApiError.BAD_REQUEST, "Expected " + missing.getParameterName() + ", but the request has none.");
            case MethodArgumentTypeMismatchException mismatch -> new ApiError(400, noNumber(mismatch));
            case NoResourceFoundException nowhere ->
                new ApiError(404, "Nothing is at /" + nowhere.getResourcePath() + ".");
            case HttpRequestMethodNotSupportedException method ->
                new ApiError(
                        405,
                        "Expected " + listed(method.getSupportedMethods()) + " here, but got " + method.getMethod()
                                + ".");
            case HttpMediaTypeNotAcceptableException accept ->
                new ApiError(
                        406,
                        "Expected Accept to allow " + listed(accept.getSupportedMediaTypes())
                                + ", but it names other types alone.");
            case HttpMediaTypeNotSupportedException content ->
                new ApiError(
                        415,
                        "Expected Content-Type to be " + listed(content.getSupportedMediaTypes()) + ", but it is "
                                + (content.getContentType() == null ? "missing" : content.getContentType()) + ".");
            case ErrorResponse known -> new ApiError(known.getStatusCode().value(), sentence(known, failure));
            default -> {
                log.error("A call of the API failed", failure);
                yield new ApiError(500, "An unexpected failure; the log of the process has its trace.");
            }
        };
    }

    private static int code(ClusterFailure failure) {
        return failure.kind().map(ApiErrors::code).orElseGet(() -> code(failure.reason()));
    }

    private static int code(ClusterFailure.Kind kind) {
        return switch (kind) {
            case NO_SUCH_CLUSTER -> ApiError.NO_SUCH_CLUSTER;
            case NO_SUCH_BROKER -> ApiError.NO_SUCH_BROKER;
            case NO_SUCH_TOPIC -> ApiError.NO_SUCH_TOPIC;
            case NO_SUCH_PARTITION -> ApiError.NO_SUCH_PARTITION;
            case NO_SUCH_GROUP -> ApiError.NO_SUCH_GROUP;
            case NO_SUCH_USER -> ApiError.NO_SUCH_USER;
            case NO_SUCH_TRANSACTION -> ApiError.NO_SUCH_TRANSACTION;
            case NO_SUCH_PERSON -> ApiError.NO_SUCH_PERSON;
            case NO_SUCH_TOKEN -> ApiError.NO_SUCH_TOKEN;
            case NO_SUCH_NODE -> ApiError.NO_SUCH_NODE;
            case NOT_HANGING -> ApiError.NOT_HANGING;
            case OUTDATED -> ApiError.CONFLICT;
            case TAKEN -> ApiError.TAKEN;
            case IN_USE -> ApiError.IN_USE;
        };
    }

    private static int code(ClusterFailure.Reason reason) {
        return switch (reason) {
            case NOT_FOUND -> ApiError.NOT_FOUND;
            case REFUSED -> ApiError.REFUSED_BY_CLUSTER;
            case DENIED -> ApiError.DENIED;
            case BUSY -> ApiError.BUSY;
            case NO_ANSWER -> ApiError.NO_ANSWER;
            case FAILED -> ApiError.CLUSTER_FAILED;
        };
    }

    private static String why(HttpMessageNotReadableException unreadable) {
        return switch (unreadable.getCause()) {
            case MismatchedInputException mismatch when mismatch.getPath().isEmpty() -> ", but got something else.";
            case JacksonException broken -> ", but " + BrokenJson.of(broken) + ".";
            case null, default -> ", but the request has none.";
        };
    }

    /** Only numbers can be of another type than a text of a request. In paths they are ids, and documented as such. */
    private static String noNumber(MethodArgumentTypeMismatchException mismatch) {
        boolean inPath = mismatch.getParameter().hasParameterAnnotation(PathVariable.class);
        return "Expected a number as " + mismatch.getName() + (inPath ? "_id in the path" : "") + ", but got '"
                + mismatch.getValue() + "'.";
    }

    private static String listed(Object[] values) {
        return listed(values == null ? List.of() : List.of(values));
    }

    private static String listed(List<?> values) {
        return values.isEmpty()
                ? "another one"
                : values.stream().map(String::valueOf).distinct().collect(Collectors.joining(" or "));
    }

    private static String sentence(ErrorResponse known, Exception failure) {
        String detail = known.getBody().getDetail();
        return detail == null ? failure.getMessage() : detail;
    }
}
