// SPDX-License-Identifier: Apache-2.0
package dev.kith.cli;

import dev.kith.IpcException;
import java.util.List;

/**
 * The command {@code kith}: finds the subcommand, runs it, and turns what went wrong into one line
 * and a status.
 */
public final class Main {
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private Main() {}

    /**
     * Runs one command and ends the process with its status: 0 done, 1 failed or nothing found, 2
     * wrong usage.
     *
     * @param args the subcommand and its arguments
     */
    public static void main(String[] args) {
        Output out = new Output();
        int status = run(List.of(RawArguments.of(args)), out);
        System.exit(status);
    }

    /** Runs one command and tells its status. */
    static int run(List<String> args, Output out) {
        int status;
        try {
            status = dispatch(args, out);
            out.flush();
        } catch (Output.BrokenPipe nobodyReads) {
            return DONE;
        } catch (IllegalArgumentException | UnsupportedOperationException wrong) {
            status = complain(out, wrong, WRONG_USAGE);
        } catch (IpcException failed) {
            status = complain(out, failed, FAILED);
        } catch (InterruptedException interrupted) {
            status = FAILED;
        } catch (Exception defect) {
            defect.printStackTrace();
            status = FAILED;
        }
        return status;
    }

    private static int dispatch(List<String> args, Output out) throws Exception {
        if (args.isEmpty()) {
            out.note(Help.overview());
            return WRONG_USAGE;
        }
        String first = args.getFirst();
        switch (first) {
            case "-h", "--help", "help" -> {
                out.line(
                        args.size() > 1
                                ? Help.of(Commands.named(args.get(1)).usage())
                                : Help.overview());
                return DONE;
            }
            case "-V", "--version" -> {
                out.line("kith " + Version.current());
                return DONE;
            }
            default -> {
                return execute(Commands.named(first), args.subList(1, args.size()), out);
            }
        }
    }

    private static int execute(Command command, List<String> args, Output out) throws Exception {
        Usage usage = command.usage();
        Arguments arguments = QuickParser.parse(usage, args);
        if (arguments == null) {
            arguments = FullParser.parse(usage, args);
        }
        if (arguments.has(Option.HELP)) {
            out.line(Help.of(usage));
            return DONE;
        }
        return command.run(arguments, out);
    }

    /** Says what went wrong, unless the process is being stopped and this is only a consequence. */
    private static int complain(Output out, RuntimeException what, int status) {
        if (!AtExit.hasBegun()) {
            out.flushQuietly();
            out.note(out.errorPrefix() + String.valueOf(what.getMessage()).replace('\n', ' '));
            if (System.getenv("KITH_DEBUG") != null) {
                what.printStackTrace();
            }
        }
        return status;
    }
}
