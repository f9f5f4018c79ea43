package engine

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// programVariable hands the compiled program of one process of tests to another.
const programVariable = "ENGINE_PROGRAM"

// Main runs the tests, and removes afterwards what they have in common. It is for TestMain.
//
// The engine keeps in memory what an operation had in hand until its process ends: thousands of operations need more memory
// than a machine has. So each test has a process of its own, unless -run chooses; one more at a time than there are processors,
// since tests of orders and deaths wait.
// A test of too many operations has one for each pattern of its subtests' names in parts; together they match them all.
func Main(m *testing.M, parts map[string][]string) int {
	flag.Parse()
	if os.Getenv(programVariable) != "" {
		go endWithParent()
		return clean(m.Run())
	}
	if chosen("run") || chosen("list") || chosen("bench") {
		return clean(m.Run())
	}
	return clean(runApart(parts))
}

// endWithParent ends a test's process when the one that started it, and holds the other end of its input, is no more.
func endWithParent() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(1)
}

func chosen(what string) bool {
	given := flag.Lookup("test." + what)
	return given != nil && given.Value.String() != ""
}

func clean(code int) int {
	if ownProgram != "" {
		if err := os.RemoveAll(ownProgram); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	return code
}

// runApart runs every test or part of one in a process of its own, and returns 1 when one fails.
func runApart(parts map[string][]string) int {
	program, err := compiledProgram()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	listed, err := exec.Command(os.Args[0], "-test.list=^Test").Output()
	if err != nil {
		fmt.Fprintln(os.Stderr, "list the tests:", err)
		return 1
	}
	names := strings.Fields(string(listed))
	for test := range parts {
		if !slices.Contains(names, test) {
			fmt.Fprintln(os.Stderr, "there is no test", test, "that has parts")
			return 1
		}
	}
	patterns := make(chan string)
	go func() {
		defer close(patterns)
		for _, test := range names {
			if len(parts[test]) == 0 {
				patterns <- "^" + test + "$"
			}
			for _, pattern := range parts[test] {
				patterns <- "^" + test + "$/" + pattern
			}
		}
	}()
	var mutex sync.Mutex
	var workers sync.WaitGroup
	code := 0
	for range runtime.GOMAXPROCS(0) + 1 {
		workers.Go(func() {
			for pattern := range patterns {
				output, err := runOne(pattern, program)
				mutex.Lock()
				_, _ = os.Stdout.Write(output)
				if err != nil {
					fmt.Printf("%s: %v\n", pattern, err)
					code = 1
				}
				mutex.Unlock()
			}
		})
	}
	workers.Wait()
	return code
}

// runOne runs the tests of a pattern with the flags that all are run with.
func runOne(pattern, program string) ([]byte, error) {
	arguments := []string{"-test.run=" + pattern}
	for _, argument := range os.Args[1:] {
		if !strings.HasPrefix(argument, "-test.testlogfile") { // it is this process's own
			arguments = append(arguments, argument)
		}
	}
	command := exec.Command(os.Args[0], arguments...)
	command.Env = append(os.Environ(), programVariable+"="+program)
	input, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	defer func() { _ = input.Close() }()
	output, err := command.CombinedOutput()
	if err == nil {
		output = bytes.TrimSuffix(output, []byte("PASS\n"))
	}
	return output, err
}
