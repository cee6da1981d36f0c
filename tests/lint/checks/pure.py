"""Pure folders use no file, clock, environment, stdio or changing global: arguments in, result out."""
import re

from tree import DOORS, without_directives

PURE = ("core/model/", "core/json/", "roll-builder/", "labels/", "verifier/")
# Beside the doors: reading frames, the talk with the service and its spool, and the children that decode.
EXCEPT = set(DOORS) | {"verifier/frames.c", "verifier/station.c", "verifier/spool.c", "verifier/sender.c", "verifier/video.c", "verifier/shelf.c",
                       "verifier/decode.c", "verifier/nursery.c"}

WORLD = """
printf fprintf vprintf vfprintf dprintf puts fputs putchar putc fputc perror scanf fscanf
fopen freopen fdopen fclose fread fwrite fgets fgetc getc getchar getline fseek ftell rewind fflush
tmpfile mkstemp mkdtemp remove rename open openat creat read pread write pwrite close lseek stat
lstat fstat access unlink mkdir rmdir opendir readdir scandir mmap munmap ioctl fcntl
time clock clock_gettime gettimeofday nanosleep sleep usleep gmtime gmtime_r localtime_r strftime
getenv secure_getenv setenv unsetenv putenv getpid gethostname getuid
system popen dlopen readlink fork vfork execv execve execvp execl posix_spawn wait waitpid kill signal sigaction
socket connect bind listen accept send sendto recv recvfrom select poll getaddrinfo
srand random drand48 getrandom getentropy arc4random pthread_create thrd_create exit _exit atexit
rw_log_write rw_file_read rw_file_write
""".split()
CALL = re.compile(r"(?<![\w.>])(" + "|".join(WORLD) + r")\s*\(")
STATIC = re.compile(r"(?:^|[;{}])\s*((?:_Thread_local\s+)?static\s[^;(){}=]*?)\s*(?==|;)")


def run(tree):
    findings = []
    for source in tree.sources():
        if not source.path.startswith(PURE) or source.path in EXCEPT:
            continue
        for line, match in source.matches(CALL):
            findings.append(f"{source.path}:{line}: {match[1]}() in a pure folder")
        code = without_directives(source.code)
        for match in STATIC.finditer(code):
            if not re.search(r"\bconst\b", match[1]):
                line = code.count("\n", 0, match.start(1)) + 1
                findings.append(f"{source.path}:{line}: static variable that can change")
    return findings


CLEAN = [{"labels/layout.c": 'static const int widths[] = { 1, 2 };\nstatic int f(void)\n{\n'
                             '    return widths[0]; /* no time() here */\n}\n',
          "verifier/frames.c": "void f(void)\n{\n    fopen(0, 0);\n}\n",
          "db/rolls.c": "void f(void)\n{\n    time(0);\n}\n",
          "core/model/roll.c": "int roll_f(struct s *x)\n{\n    return x->read(1) + x.time(2);\n}\n"}]
FAULTS = [
    ("a clock", {"roll-builder/plan.c": "int f(void)\n{\n    return time(0);\n}\n"}, "time()"),
    ("a file", {"core/json/roll_json.c": "void f(void)\n{\n    fopen(0, 0);\n}\n"}, "fopen()"),
    ("the environment", {"verifier/decide.c": "void f(void)\n{\n    getenv(0);\n}\n"}, "getenv()"),
    ("a changing static", {"core/model/roll.c": "int f(void)\n{\n    static int calls = 0;\n"
                                                "    return ++calls;\n}\n"}, "can change"),
]
