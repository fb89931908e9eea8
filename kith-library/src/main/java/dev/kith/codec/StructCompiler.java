// SPDX-License-Identifier: Apache-2.0
package dev.kith.codec;

import static java.lang.classfile.ClassFile.ACC_FINAL;
import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

/*
 * For record Tick(long time, Side side) the class is
 *
 *     void write(Object value, MemorySegment target, long offset) {
 *         StructMemory.put((long) TIME.invokeExact(value), target, offset + 0);
 *         StructMemory.putEnum((Object) SIDE.invokeExact(value), target, offset + 8, "side");
 *         StructMemory.put(0, target, offset + 12);
 *     }
 *
 *     Object read(MemorySegment source, long offset) {
 *         return (Object) NEW.invokeExact(
 *                 StructMemory.getLong(source, offset + 0),
 *                 StructMemory.getEnum(source, offset + 8, SIDES, "side"));
 *     }   // what the constructor throws goes through StructMemory.refusal
 *
 * where what is in capitals is a constant of the class, so that the JIT compiler sees through it
 * all, down to the loads and stores. Method handles, not calls: the record may be private.
 */

/** Makes the {@link StructCode} of a record class. */
final class StructCompiler {
    private static final ClassDesc SEGMENT = MemorySegment.class.describeConstable().orElseThrow();
    private static final ClassDesc LAYOUT = ValueLayout.class.describeConstable().orElseThrow();
    private static final ClassDesc CODE = ClassDesc.of(StructCode.class.getName());
    private static final ClassDesc MEMORY = ClassDesc.of(StructMemory.class.getName());
    private static final ClassDesc SELF = ClassDesc.of(StructCode.class.getName() + "Of");
    private static final ClassDesc OBJECTS = CD_Object.arrayType();
    private static final MethodTypeDesc WRITE =
            MethodTypeDesc.of(CD_void, CD_Object, SEGMENT, CD_long);
    private static final MethodTypeDesc READ = MethodTypeDesc.of(CD_Object, SEGMENT, CD_long);
    private static final MethodTypeDesc REFUSAL =
            MethodTypeDesc.of(ConstantDescs.CD_Throwable, ConstantDescs.CD_Throwable, CD_String);
    private static final MethodTypeDesc NO_ARGUMENTS = MethodTypeDesc.of(CD_void);

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private static final int VALUE = 1;
    private static final int TARGET = 2;
    private static final int TARGET_OFFSET = 3;
    private static final int SOURCE = 1;
    private static final int SOURCE_OFFSET = 2;

    private final StructShape shape;
    private final MethodHandle[] accessors;
    private final MethodHandle constructor;
    private final List<Object> constants = new ArrayList<>();

    private StructCompiler(StructShape shape) throws ReflectiveOperationException {
        this.shape = shape;
        Class<?> type = shape.type();
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        accessors = new MethodHandle[components.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = components[i].getType();
            Method accessor = components[i].getAccessor();
            accessor.setAccessible(true);
            accessors[i] = erased(LOOKUP.unreflect(accessor));
        }
        Constructor<?> canonical = type.getDeclaredConstructor(types);
        canonical.setAccessible(true);
        constructor = erased(LOOKUP.unreflectConstructor(canonical).asFixedArity());
    }

    /** The code of a record class; says how to open the class if it is closed. */
    static StructCode compile(StructShape shape) {
        String what = "struct of " + shape.type().getName() + ": ";
        StructCompiler compiler;
        try {
            compiler = new StructCompiler(shape);
        } catch (InaccessibleObjectException | ReflectiveOperationException closed) {
            throw new IllegalArgumentException(what + RecordShape.opening(shape.type()), closed);
        } catch (IllegalArgumentException tooMany) {
            throw new IllegalArgumentException(
                    what
                            + "components="
                            + shape.fields().size()
                            + ", which are more than a method handle takes; put some of them into"
                            + " records inside it",
                    tooMany);
        }
        return compiler.compile();
    }

    private StructCode compile() {
        byte[] bytes =
                ClassFile.of()
                        .build(
                                SELF,
                                builder ->
                                        builder.withFlags(ACC_FINAL)
                                                .withSuperclass(CODE)
                                                .withMethodBody(
                                                        ConstantDescs.INIT_NAME,
                                                        NO_ARGUMENTS,
                                                        0,
                                                        StructCompiler::init)
                                                .withMethodBody("write", WRITE, 0, this::write)
                                                .withMethodBody("read", READ, 0, this::read));
        try {
            MethodHandles.Lookup hidden =
                    LOOKUP.defineHiddenClassWithClassData(bytes, List.copyOf(constants), true);
            return (StructCode)
                    hidden.findConstructor(hidden.lookupClass(), MethodType.methodType(void.class))
                            .invoke();
        } catch (Throwable broken) {
            throw new AssertionError("the code of " + shape.type().getName(), broken);
        }
    }

    private static void init(CodeBuilder code) {
        code.aload(0).invokespecial(CODE, ConstantDescs.INIT_NAME, NO_ARGUMENTS).return_();
    }

    private void write(CodeBuilder code) {
        long end = 0;
        for (int i = 0; i < accessors.length; i++) {
            StructField field = shape.fields().get(i);
            pad(code, end, field.offset());
            constant(code, CD_MethodHandle, accessors[i]);
            code.aload(VALUE);
            invokeExact(code, accessors[i]);
            code.aload(TARGET);
            offset(code, TARGET_OFFSET, field.offset());
            put(code, field);
            end = field.end();
        }
        pad(code, end, shape.size());
        code.return_();
    }

    private void put(CodeBuilder code, StructField field) {
        switch (field.kind()) {
            case PRIMITIVE -> putNumber(code, desc(field.type()));
            case ENUM -> call(code.loadConstant(field.name()), "putEnum", CD_void, CD_String);
            case TEXT -> {
                code.loadConstant(field.count()).loadConstant(field.name());
                call(code, "putText", CD_void, CD_int, CD_String);
            }
            case PRIMITIVES -> {
                constant(code, LAYOUT, StructMemory.layout(field.type()));
                code.loadConstant(field.count()).loadConstant(field.name());
                call(code, "putArray", CD_void, LAYOUT, CD_int, CD_String);
            }
            case RECORD -> {
                constant(code, CODE, StructCodec.code(field.type()));
                code.loadConstant(field.name());
                call(code, "putRecord", CD_void, CODE, CD_String);
            }
            case RECORDS -> {
                constant(code, CODE, StructCodec.code(field.type()));
                code.loadConstant(field.elementSize()).loadConstant(field.count());
                code.loadConstant(field.name());
                call(code, "putRecords", CD_void, CODE, CD_long, CD_int, CD_String);
            }
        }
    }

    /** Zeros, in the largest pieces that do not cross an alignment. */
    private static void pad(CodeBuilder code, long from, long to) {
        for (long at = from; at < to; ) {
            int piece = at % 4 == 0 && to - at >= 4 ? 4 : at % 2 == 0 && to - at >= 2 ? 2 : 1;
            code.iconst_0().aload(TARGET);
            offset(code, TARGET_OFFSET, at);
            putNumber(
                    code,
                    piece == 4
                            ? CD_int
                            : piece == 2 ? ConstantDescs.CD_short : ConstantDescs.CD_byte);
            at += piece;
        }
    }

    private void read(CodeBuilder code) {
        constant(code, CD_MethodHandle, constructor);
        for (StructField field : shape.fields()) {
            code.aload(SOURCE);
            offset(code, SOURCE_OFFSET, field.offset());
            get(code, field);
        }
        code.trying(
                calling -> invokeExact(calling, constructor),
                thrown ->
                        thrown.catchingAll(handler ->
                                handler.loadConstant(shape.type().getName())
                                        .invokestatic(MEMORY, "refusal", REFUSAL)
                                        .athrow()));
        code.areturn();
    }

    private void get(CodeBuilder code, StructField field) {
        switch (field.kind()) {
            case PRIMITIVE -> {
                String name = field.type().getName();
                String method = "get" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
                code.invokestatic(
                        MEMORY, method, MethodTypeDesc.of(desc(field.type()), SEGMENT, CD_long));
            }
            case ENUM -> {
                constant(code, OBJECTS, field.type().getEnumConstants());
                code.loadConstant(field.name());
                get(code, "getEnum", OBJECTS, CD_String);
            }
            case TEXT -> {
                code.loadConstant(field.count()).loadConstant(field.name());
                get(code, "getText", CD_int, CD_String);
            }
            case PRIMITIVES -> {
                constant(code, LAYOUT, StructMemory.layout(field.type()));
                constant(code, CD_Class, field.type());
                code.loadConstant(field.count());
                get(code, "getArray", LAYOUT, CD_Class, CD_int);
            }
            case RECORD -> {
                constant(code, CODE, StructCodec.code(field.type()));
                code.loadConstant(field.name());
                get(code, "getRecord", CODE, CD_String);
            }
            case RECORDS -> {
                constant(code, CODE, StructCodec.code(field.type()));
                code.loadConstant(field.elementSize());
                constant(code, CD_Class, field.type());
                code.loadConstant(field.count()).loadConstant(field.name());
                get(code, "getRecords", CODE, CD_long, CD_Class, CD_int, CD_String);
            }
        }
    }

    private static void putNumber(CodeBuilder code, ClassDesc type) {
        code.invokestatic(MEMORY, "put", MethodTypeDesc.of(CD_void, type, SEGMENT, CD_long));
    }

    private static void call(
            CodeBuilder code, String method, ClassDesc returned, ClassDesc... further) {
        code.invokestatic(
                MEMORY,
                method,
                MethodTypeDesc.of(returned, CD_Object, SEGMENT, CD_long)
                        .insertParameterTypes(3, further));
    }

    private static void get(CodeBuilder code, String method, ClassDesc... further) {
        code.invokestatic(
                MEMORY,
                method,
                MethodTypeDesc.of(CD_Object, SEGMENT, CD_long).insertParameterTypes(2, further));
    }

    private static void invokeExact(CodeBuilder code, MethodHandle handle) {
        code.invokevirtual(
                CD_MethodHandle, "invokeExact", handle.type().describeConstable().orElseThrow());
    }

    private static void offset(CodeBuilder code, int variable, long offset) {
        code.loadLocal(TypeKind.LONG, variable).loadConstant(offset).ladd();
    }

    /** Loads an object that is no constant of a class file. */
    private void constant(CodeBuilder code, ClassDesc type, Object value) {
        code.loadConstant(
                DynamicConstantDesc.ofNamed(
                        ConstantDescs.ofConstantBootstrap(
                                MethodHandles.class.describeConstable().orElseThrow(),
                                "classDataAt",
                                CD_Object,
                                CD_int),
                        ConstantDescs.DEFAULT_NAME,
                        type,
                        constants.size()));
        constants.add(value);
    }

    private static MethodHandle erased(MethodHandle handle) {
        return handle.asType(handle.type().erase());
    }

    private static ClassDesc desc(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }
}
