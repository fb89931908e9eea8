// SPDX-License-Identifier: Apache-2.0
package dev.kith.test;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Looks before and after. Registered by {@link LeavesNothingBehind}, or for every class of a build
 * by JUnit's detection of extensions ({@code META-INF/services}); then a class that is not
 * annotated is looked at for everything.
 */
public final class LeftoverExtension
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(LeftoverExtension.class);

    /** Made by JUnit. */
    public LeftoverExtension() {}

    @Override
    public void beforeAll(ExtensionContext context) {
        if (!isNested(context)) {
            begin(context, annotation(context.getRequiredTestClass()));
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        if (!isNested(context)) {
            end(context, context.getRequiredTestClass().getSimpleName());
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        ofMethod(context).ifPresent(annotation -> begin(context, Optional.of(annotation)));
    }

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        if (ofMethod(context).isPresent()) {
            end(context, context.getRequiredTestMethod().getName());
        }
    }

    private static boolean isNested(ExtensionContext context) {
        return context.getRequiredTestClass().isMemberClass()
                && context.getParent().flatMap(ExtensionContext::getTestClass).isPresent();
    }

    private static Optional<LeavesNothingBehind> annotation(Class<?> type) {
        return Optional.ofNullable(type.getAnnotation(LeavesNothingBehind.class));
    }

    private static Optional<LeavesNothingBehind> ofMethod(ExtensionContext context) {
        return Optional.ofNullable(
                context.getRequiredTestMethod().getAnnotation(LeavesNothingBehind.class));
    }

    private static void begin(ExtensionContext context, Optional<LeavesNothingBehind> annotation) {
        Set<Leftover> kinds = EnumSet.allOf(Leftover.class);
        annotation.ifPresent(given -> kinds.removeAll(Set.of(given.except())));
        context.getStore(NAMESPACE).put(context.getUniqueId(), Look.before(kinds));
    }

    private static void end(ExtensionContext context, String who) throws InterruptedException {
        Look before = context.getStore(NAMESPACE).remove(context.getUniqueId(), Look.class);
        if (before != null) {
            before.check(who);
        }
    }
}
