package io.ottla.console.access;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.apache.kafka.clients.admin.Admin;

/** An Admin client that only answers questions: its calls whose names begin with {@code describe} or {@code list}. */
final class AskingAdmin {
    private AskingAdmin() {}

    static Admin of(Admin whole) {
        return (Admin) Proxy.newProxyInstance(
                AskingAdmin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
                    String name = method.getName();
                    if (!name.startsWith("describe") && !name.startsWith("list")) {
                        throw new UnsupportedOperationException(
                                "Expected a question, but got " + name + ": changes go through Visit.change");
                    }
                    try {
                        return method.invoke(whole, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }
}
