// SPDX-License-Identifier: Apache-2.0
package dev.kith.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.constant.ClassDesc;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleDescriptor.Requires.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Packages import downwards only, and few may call the kernel. */
class LayersTest {
    /** From the ground up; packages of one row do not import each other. */
    private static final List<Set<String>> LAYERS =
            List.of(
                    Set.of("dev.kith"),
                    Set.of("dev.kith.codec"),
                    Set.of("dev.kith.kernel"),
                    Set.of("dev.kith.blocking"),
                    Set.of("dev.kith.posix", "dev.kith.sysv", "dev.kith.linux"),
                    Set.of("dev.kith.memory"),
                    Set.of("dev.kith.ring"),
                    Set.of("dev.kith.shared"),
                    Set.of("dev.kith.channel"),
                    Set.of("dev.kith.transport"),
                    Set.of("dev.kith.process"),
                    Set.of("dev.kith.python"));

    /** The packages whose handles make system calls; all others are written on those handles. */
    private static final Set<String> CALLERS =
            Set.of(
                    "dev.kith.posix",
                    "dev.kith.sysv",
                    "dev.kith.linux",
                    "dev.kith.memory",
                    "dev.kith.process");

    /** A class name in a descriptor or a generic signature. */
    private static final Pattern TYPE = Pattern.compile("L(dev/kith/[\\w/$]+)");

    private static final Map<String, Set<String>> IMPORTS = imports();

    @Test
    void shouldKnowTheLayerOfEveryPackage() {
        assertThat(IMPORTS.keySet()).allSatisfy(name -> assertThat(layer(name)).isNotNegative());
    }

    @Test
    void shouldImportDownwardsOnly() {
        assertThat(IMPORTS.get("dev.kith.blocking")).contains("dev.kith.kernel");
        assertThat(imports((from, to) -> layer(to) >= layer(from))).isEmpty();
    }

    @Test
    void shouldLetOnlyHandlesCallTheKernel() {
        Set<String> blockingToo = new TreeSet<>(CALLERS);
        blockingToo.add("dev.kith.blocking");
        assertThat(
                        imports((from, to) ->
                                to.equals("dev.kith.kernel") && !blockingToo.contains(from)))
                .isEmpty();
        assertThat(imports((from, to) -> to.equals("dev.kith.blocking") && !CALLERS.contains(from)))
                .isEmpty();
    }

    @Test
    void shouldKeepChannelFreeOfMechanisms() {
        assertThat(IMPORTS.get("dev.kith.channel")).isSubsetOf("dev.kith", "dev.kith.codec");
    }

    @Test
    void shouldLinkNativeFunctionsInTheKernelPackageAlone() {
        Set<String> users = new TreeSet<>();
        for (ClassModel type : Library.classes()) {
            for (var entry : type.constantPool()) {
                if (entry instanceof ClassEntry named
                        && named.asInternalName().equals("java/lang/foreign/Linker")) {
                    users.add(packageOf(type.thisClass().asInternalName()));
                }
            }
        }
        assertThat(users).containsExactly("dev.kith.kernel");
    }

    @Test
    void shouldUseNoUnsafeNoInternalsAndNoNativeLibrary() {
        List<String> users = new ArrayList<>();
        for (ClassModel type : Library.classes()) {
            for (var entry : type.constantPool()) {
                if (entry instanceof Utf8Entry text && isInternal(text.stringValue())
                        || entry instanceof MemberRefEntry member && loadsLibrary(member)) {
                    users.add(type.thisClass().asInternalName() + ": " + entry);
                }
            }
        }
        assertThat(users).isEmpty();
    }

    @Test
    void shouldRequireTheBaseModuleAlone() {
        assertThat(Library.module().requires())
                .allMatch(required ->
                        required.name().equals("java.base")
                                || isOptional(required, "jdk.jfr", "jdk.unsupported"));
    }

    private static boolean isOptional(Requires required, String... known) {
        return required.modifiers().contains(Modifier.STATIC)
                && List.of(known).contains(required.name());
    }

    private static boolean isInternal(String text) {
        String name = text.replace('/', '.');
        return name.contains("sun.misc.Unsafe") || name.contains("jdk.internal.");
    }

    private static boolean loadsLibrary(MemberRefEntry member) {
        String owner = member.owner().asInternalName();
        return (owner.equals("java/lang/System") || owner.equals("java/lang/Runtime"))
                && Set.of("load", "loadLibrary").contains(member.name().stringValue());
    }

    /** The imports that a rule forbids, as {@code dev.kith.channel -> dev.kith.posix}. */
    private static List<String> imports(Rule forbidden) {
        List<String> found = new ArrayList<>();
        IMPORTS.forEach((from, all) ->
                all.stream()
                        .filter(to -> forbidden.test(from, to))
                        .forEach(to -> found.add(from + " -> " + to)));
        return found;
    }

    private interface Rule {
        boolean test(String from, String to);
    }

    private static int layer(String name) {
        for (int i = 0; i < LAYERS.size(); i++) {
            if (LAYERS.get(i).contains(name)) {
                return i;
            }
        }
        return -1;
    }

    /** Which packages of Kith each package of Kith names, without itself. */
    private static Map<String, Set<String>> imports() {
        Map<String, Set<String>> imports = new TreeMap<>();
        for (ClassModel type : Library.classes()) {
            String from = packageOf(type.thisClass().asInternalName());
            Set<String> to = imports.computeIfAbsent(from, _ -> new TreeSet<>());
            for (var entry : type.constantPool()) {
                switch (entry) {
                    case ClassEntry named -> to.add(packageOf(elementType(named)));
                    case Utf8Entry text -> {
                        Matcher types = TYPE.matcher(text.stringValue());
                        while (types.find()) {
                            to.add(packageOf(types.group(1)));
                        }
                    }
                    default -> {}
                }
            }
            to.remove(from);
            to.removeIf(name -> !name.startsWith("dev.kith"));
        }
        return imports;
    }

    private static String elementType(ClassEntry entry) {
        ClassDesc type = entry.asSymbol();
        while (type.isArray()) {
            type = type.componentType();
        }
        return type.isPrimitive() ? "" : type.descriptorString().substring(1).replace(";", "");
    }

    private static String packageOf(String internalName) {
        int slash = internalName.lastIndexOf('/');
        return slash < 0 ? "" : internalName.substring(0, slash).replace('/', '.');
    }
}
