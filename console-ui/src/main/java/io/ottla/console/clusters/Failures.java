package io.ottla.console.clusters;

import io.ottla.console.clusters.ClusterFailure.Reason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** Waits for answers of the Admin client and says in a sentence why there is none. */
final class Failures {
    /** What the client's own limit is given on top before the console stops waiting by itself. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Duration timeout;

    Failures(Duration timeout) {
        this.timeout = timeout;
    }

    /** @param doing what was asked, such as "Reading the topics" */
    <T> T await(KafkaFuture<T> answer, String doing) {
        return await(answer.toCompletionStage().toCompletableFuture(), doing);
    }

    <T> T await(CompletableFuture<T> answer, String doing) {
        try {
            return answer.get(timeout.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw noAnswer(doing, late);
        } catch (ExecutionException failed) {
            throw translated(failed, doing);
        } catch (InterruptedException interrupted) {
            throw interrupted(doing, interrupted);
        }
    }

    ClusterFailure interrupted(String doing, InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return new ClusterFailure(Reason.NO_ANSWER, doing + " was interrupted.", interrupted);
    }

    ClusterFailure noAnswer(String doing, Throwable cause) {
        return new ClusterFailure(
                Reason.NO_ANSWER,
                doing + " took longer than " + timeout.toSeconds() + " s: the cluster does not answer.",
                cause);
    }

    ClusterFailure translated(Throwable failure, String doing) {
        Throwable cause = cause(failure);
        return switch (cause) {
            case ClusterFailure known -> known;
            case UnknownTopicOrPartitionException unknown -> notFound(unknown);
            case UnknownTopicIdException unknown -> notFound(unknown);
            // What the client itself thinks of a name that no topic can have.
            case InvalidTopicException invalid -> new ClusterFailure(Reason.REFUSED, sentence(invalid), invalid);
            case AuthenticationException refused ->
                new ClusterFailure(
                        Reason.DENIED,
                        "The cluster does not accept the console's login: " + sentence(refused),
                        refused);
            case AuthorizationException refused ->
                new ClusterFailure(
                        Reason.DENIED, "The console's account may not do this: " + sentence(refused), refused);
            case org.apache.kafka.common.errors.TimeoutException late -> noAnswer(doing, late);
            case UnsupportedVersionException old ->
                new ClusterFailure(Reason.REFUSED, "This cluster can't do this: " + sentence(old), old);
            case RetriableException passing -> new ClusterFailure(Reason.NO_ANSWER, sentence(passing), passing);
            case ApiException said -> new ClusterFailure(Reason.REFUSED, sentence(said), said);
            default -> new ClusterFailure(Reason.FAILED, doing + " failed: " + cause, cause);
        };
    }

    static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static ClusterFailure notFound(Throwable unknown) {
        return new ClusterFailure(Reason.NOT_FOUND, "This topic does not exist.", unknown);
    }

    private static String sentence(Throwable failure) {
        String message = failure.getMessage();
        if (message == null || message.isBlank()) {
            message = failure.getClass().getSimpleName();
        }
        return message.endsWith(".") ? message : message + ".";
    }
}
