// SPDX-License-Identifier: Apache-2.0
package dev.kith.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Fails a test, or a whole test class, that leaves something of {@link Leftover} behind, and says
 * what it is and how to remove it. On a class the look is from before its {@code @BeforeAll} to
 * after its {@code @AfterAll}; on a method from before its {@code @BeforeEach} to after its
 * {@code @AfterEach}.
 *
 * <p>What was there before is not counted, nor what is gone within two seconds, nor what another
 * user owns, nor what a living process uses that is neither this one nor descended from it: other
 * builds may run on the machine. What no process uses tells nobody who made it: a System V queue
 * that another build of the same user made meanwhile, and nobody has sent to, is counted.
 *
 * <p>JUnit Jupiter 5 or 6. Tests that run at the same time in one JVM are told apart by nothing:
 * leave it out there.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(LeftoverExtension.class)
public @interface LeavesNothingBehind {
    /**
     * What is not looked at.
     *
     * @return none if not said
     */
    Leftover[] except() default {};
}
