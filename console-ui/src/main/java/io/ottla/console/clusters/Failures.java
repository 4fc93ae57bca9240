package io.ottla.console.clusters;

import io.ottla.console.clusters.ClusterFailure.Reason;
import io.ottla.console.words.Wording;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.ReassignmentInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.Errors;

/** Waits for answers of the Admin client and says in a sentence why there is none. Thread-safe. */
public final class Failures {
    /** What the client's own limit is given on top before the console stops waiting by itself. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Duration timeout;
    private final SignOfLife life;

    /**
     * Of a cluster that is up.
     *
     * @param timeout after which a call fails by itself
     */
    public Failures(Duration timeout) {
        this(timeout, () -> CompletableFuture.completedFuture(true), InstantSource.system());
    }

    /** @param ask asks something small, to see whether the cluster is up */
    Failures(Duration timeout, Supplier<? extends CompletableFuture<?>> ask, InstantSource clock) {
        this.timeout = timeout;
        this.life = new SignOfLife(timeout.plus(GRACE), ask, clock);
    }

    SignOfLife life() {
        return life;
    }

    /** @param doing what was asked, such as "Reading the topics" */
    public <T> T await(KafkaFuture<T> answer, Wording doing) {
        return await(answer.toCompletionStage().toCompletableFuture(), doing);
    }

    <T> T await(CompletableFuture<T> answer, Wording doing) {
        try {
            return life.await(answer);
        } catch (SignOfLife.Silent silent) {
            throw silent(doing, silent);
        } catch (TimeoutException late) {
            throw noAnswer(doing, late);
        } catch (ExecutionException failed) {
            throw translated(failed, doing);
        } catch (InterruptedException interrupted) {
            throw interrupted(doing, interrupted);
        }
    }

    ClusterFailure interrupted(Wording doing, InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return new ClusterFailure(Reason.NO_ANSWER, Wording.of("failure.interrupted", doing), interrupted);
    }

    ClusterFailure noAnswer(Wording doing, Throwable cause) {
        return noAnswer(doing, timeout, cause);
    }

    /** Of a cluster that gives no sign of life. */
    static ClusterFailure silent(Wording doing, Throwable cause) {
        return noAnswer(doing, Freshness.SIGN_OF_LIFE, cause);
    }

    private static ClusterFailure noAnswer(Wording doing, Duration waited, Throwable cause) {
        return new ClusterFailure(Reason.NO_ANSWER, Wording.of("failure.no-answer", doing, waited.toSeconds()), cause);
    }

    ClusterFailure translated(Throwable failure, Wording doing) {
        Throwable cause = cause(failure);
        return switch (cause) {
            case ClusterFailure known -> known;
            case UnknownTopicOrPartitionException unknown -> notFound(unknown);
            case UnknownTopicIdException unknown -> notFound(unknown);
            case GroupIdNotFoundException unknown ->
                new ClusterFailure(ClusterFailure.Kind.NO_SUCH_GROUP, Wording.of("failure.no-group"), unknown);
            case GroupNotEmptyException used ->
                new ClusterFailure(ClusterFailure.Kind.IN_USE, Wording.of("failure.group-used"), used);
            case GroupSubscribedToTopicException used ->
                new ClusterFailure(ClusterFailure.Kind.IN_USE, Wording.of("failure.group-used"), used);
            case ReassignmentInProgressException moving ->
                new ClusterFailure(ClusterFailure.Kind.OUTDATED, Wording.of("failure.moving"), moving);
            // What the client itself thinks of a name that no topic can have.
            case InvalidTopicException invalid ->
                new ClusterFailure(
                        Reason.REFUSED,
                        Errors.INVALID_TOPIC_EXCEPTION.message().equals(invalid.getMessage())
                                ? Wording.of("failure.bad-topic")
                                : Wording.quoted(sentence(invalid)),
                        invalid);
            case SslAuthenticationException untrusted ->
                new ClusterFailure(Reason.DENIED, Wording.of("failure.tls", sentence(untrusted)), untrusted);
            case AuthenticationException refused ->
                new ClusterFailure(Reason.DENIED, Wording.of("failure.login", sentence(refused)), refused);
            case AuthorizationException refused ->
                new ClusterFailure(Reason.DENIED, Wording.of("failure.account", sentence(refused)), refused);
            case org.apache.kafka.common.errors.TimeoutException late -> noAnswer(doing, late);
            case UnsupportedVersionException old ->
                new ClusterFailure(Reason.REFUSED, Wording.of("failure.unsupported", sentence(old)), old);
            case RetriableException passing ->
                new ClusterFailure(Reason.NO_ANSWER, Wording.quoted(sentence(passing)), passing);
            case ApiException said -> new ClusterFailure(Reason.REFUSED, Wording.quoted(sentence(said)), said);
            // What the client could not even begin with, for a reason that it has.
            case KafkaException around when around.getCause() instanceof ApiException inner -> translated(inner, doing);
            default -> new ClusterFailure(Reason.FAILED, Wording.of("failure.other", doing, cause.toString()), cause);
        };
    }

    /** What lies below the wrappings of futures. */
    public static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static ClusterFailure notFound(Throwable unknown) {
        return new ClusterFailure(ClusterFailure.Kind.NO_SUCH_TOPIC, Wording.of("failure.no-topic"), unknown);
    }

    private static String sentence(Throwable failure) {
        String message = failure.getMessage();
        if (message == null || message.isBlank()) {
            message = failure.getClass().getSimpleName();
        }
        return message.endsWith(".") ? message : message + ".";
    }
}
