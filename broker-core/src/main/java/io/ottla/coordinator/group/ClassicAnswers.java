package io.ottla.coordinator.group;

import io.ottla.coordinator.Answer;
import java.util.function.Consumer;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/** Answers to members of classic groups. */
final class ClassicAnswers {
    /** Who has no id yet. */
    static final String NO_MEMBER = "";

    private ClassicAnswers() {}

    static JoinGroupResponseData join(String memberId, Errors error) {
        return new JoinGroupResponseData()
                .setMemberId(memberId)
                .setProtocolName(null)
                .setErrorCode(error.code());
    }

    static SyncGroupResponseData sync(Errors error) {
        return new SyncGroupResponseData().setErrorCode(error.code());
    }

    /** Gives a member its place in a generation, or says why that could not be stored. */
    static Answer answer(Consumer<JoinGroupResponseData> to, JoinGroupResponseData answer) {
        return new Answer() {
            @Override
            public void give() {
                to.accept(answer);
            }

            @Override
            public void refuse(Errors error) {
                to.accept(join(answer.memberId(), error));
            }
        };
    }

    /** Gives a member its assignment, or says why that could not be stored. */
    static Answer answer(Consumer<SyncGroupResponseData> to, SyncGroupResponseData answer) {
        return new Answer() {
            @Override
            public void give() {
                to.accept(answer);
            }

            @Override
            public void refuse(Errors error) {
                to.accept(sync(error));
            }
        };
    }
}
