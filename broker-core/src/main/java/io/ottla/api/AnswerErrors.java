package io.ottla.api;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Message;

/**
 * Finds the error codes in an answer, wherever its message class keeps them: at the top, in its lists of structs, and
 * in theirs. The message classes are looked at once; Produce and Fetch, which must cost nothing, are walked by hand.
 */
interface AnswerErrors {
    /** Tells each error code, {@code NONE} included. */
    void forEach(ApiMessage answer, IntConsumer code);

    static AnswerErrors of(Class<? extends Message> answer) {
        if (answer == ProduceResponseData.class) {
            return AnswerErrors::ofProduce;
        }
        if (answer == FetchResponseData.class) {
            return AnswerErrors::ofFetch;
        }
        Struct shape = Struct.of(answer, new HashMap<>());
        return (message, code) -> shape.tell(message, code);
    }

    private static void ofProduce(ApiMessage answer, IntConsumer code) {
        ProduceResponseData produce = (ProduceResponseData) answer;
        for (ProduceResponseData.TopicProduceResponse topic : produce.responses()) {
            List<ProduceResponseData.PartitionProduceResponse> partitions = topic.partitionResponses();
            for (int i = 0; i < partitions.size(); i++) {
                code.accept(partitions.get(i).errorCode());
            }
        }
    }

    private static void ofFetch(ApiMessage answer, IntConsumer code) {
        FetchResponseData fetch = (FetchResponseData) answer;
        code.accept(fetch.errorCode());
        List<FetchResponseData.FetchableTopicResponse> topics = fetch.responses();
        for (int t = 0; t < topics.size(); t++) {
            List<FetchResponseData.PartitionData> partitions = topics.get(t).partitions();
            for (int i = 0; i < partitions.size(); i++) {
                code.accept(partitions.get(i).errorCode());
            }
        }
    }

    /**
     * Where one message class keeps error codes.
     *
     * @param error reads its own; null where it has none
     * @param lists getters of its lists of structs that may hold some
     */
    record Struct(MethodHandle error, List<MethodHandle> lists, List<Struct> elements) {
        static Struct of(Class<?> type, Map<Class<?>, Struct> known) {
            Struct seen = known.get(type);
            if (seen != null) {
                return seen;
            }
            List<MethodHandle> lists = new ArrayList<>();
            List<Struct> elements = new ArrayList<>();
            MethodHandle error = null;
            for (Method method : type.getDeclaredMethods()) {
                if (method.getParameterCount() != 0 || method.isSynthetic()) {
                    continue;
                }
                if (method.getName().equals("errorCode") && method.getReturnType() == short.class) {
                    error = handle(method);
                }
                Class<?> element = Iterable.class.isAssignableFrom(method.getReturnType()) ? elementOf(method) : null;
                if (element != null && Message.class.isAssignableFrom(element)) {
                    Struct inner = of(element, known);
                    if (inner.error != null || !inner.lists.isEmpty()) {
                        lists.add(handle(method));
                        elements.add(inner);
                    }
                }
            }
            Struct shape = new Struct(error, List.copyOf(lists), List.copyOf(elements));
            known.put(type, shape);
            return shape;
        }

        void tell(Object message, IntConsumer code) {
            try {
                if (error != null) {
                    code.accept((short) error.invoke(message));
                }
                for (int i = 0; i < lists.size(); i++) {
                    Iterable<?> list = (Iterable<?>) lists.get(i).invoke(message);
                    if (list != null) {
                        for (Object element : list) {
                            elements.get(i).tell(element, code);
                        }
                    }
                }
            } catch (RuntimeException | Error failure) {
                throw failure;
            } catch (Throwable impossible) {
                throw new IllegalStateException("Expected a getter, but it threw", impossible);
            }
        }

        private static Class<?> elementOf(Method getter) {
            Type type = getter.getGenericReturnType();
            if (type instanceof Class<?> collection) {
                // Keyed collections are classes of their own that extend one with the element as its parameter.
                type = collection.getGenericSuperclass();
            }
            return type instanceof ParameterizedType parameterized
                            && parameterized.getActualTypeArguments()[0] instanceof Class<?> element
                    ? element
                    : null;
        }

        private static MethodHandle handle(Method getter) {
            try {
                return MethodHandles.publicLookup().unreflect(getter);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("Expected a public getter, but got " + getter, e);
            }
        }
    }
}
