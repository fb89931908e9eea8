// SPDX-License-Identifier: Apache-2.0
package dev.kith.process;

import dev.kith.Broken;
import java.io.ObjectInputFilter;
import java.util.List;

/**
 * Which classes may come from a child, besides those that {@code Codec.objects()} allows anybody:
 * exceptions, the classes beside the task in its package, and those that the worker's options name.
 */
final class ResultFilter implements ObjectInputFilter {
    private final Class<?> home;
    private final List<Class<?>> allowed;
    private Class<?> last;

    /** A filter for one result of a task that stands in the class {@code home}. */
    ResultFilter(Class<?> home, List<Class<?>> allowed) {
        this.home = home;
        this.allowed = allowed;
    }

    @Override
    public Status checkInput(FilterInfo info) {
        Class<?> type = info.serialClass();
        while (type != null && type.isArray()) {
            type = type.getComponentType();
        }
        if (type == null || !isAllowed(type)) {
            last = type;
            return Status.UNDECIDED;
        }
        last = null;
        return Status.ALLOWED;
    }

    /** The sentence for a value that was refused, with the cure if it was for its class. */
    String refusal(Broken broken) {
        boolean byClass = last != null && broken.getMessage().contains(last.getName());
        return byClass
                ? last.getName()
                        + " is not allowed to come from a worker; WorkerOptions.withAllowed("
                        + last.getSimpleName()
                        + ".class) allows it"
                : broken.getMessage();
    }

    private boolean isAllowed(Class<?> type) {
        return Throwable.class.isAssignableFrom(type)
                || allowed.stream().anyMatch(named -> isOf(named, type))
                || type.getClassLoader() == home.getClassLoader()
                        && type.getPackageName().equals(home.getPackageName());
    }

    /** A class comes with those that it extends, and a sealed one with those that it permits. */
    private static boolean isOf(Class<?> named, Class<?> type) {
        return type.isAssignableFrom(named) || named.isSealed() && named.isAssignableFrom(type);
    }
}
