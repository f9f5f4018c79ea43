package languagehost

import (
	"bytes"
	"context"
	"fmt"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// engine is the connection back to the engine, through which the program's output is shown in the CLI's own display.
type engine struct {
	ctx        context.Context
	connection *grpc.ClientConn
	client     pulumirpc.EngineClient
}

func connect(ctx context.Context, address string) (*engine, error) {
	connection, err := grpc.NewClient(address,
		grpc.WithTransportCredentials(insecure.NewCredentials()), rpcutil.GrpcChannelOptions())
	if err != nil {
		return nil, fmt.Errorf("connect to the engine at %s: %w", address, err)
	}
	// What a program prints while it is being cancelled is still to be seen.
	return &engine{context.WithoutCancel(ctx), connection, pulumirpc.NewEngineClient(connection)}, nil
}

// Close ends the connection.
func (e *engine) Close() { _ = e.connection.Close() }

// lines returns a writer that hands each line to the engine as an informational message.
func (e *engine) lines() *lineWriter {
	return &lineWriter{emit: func(line string) {
		// The engine may be gone already; the program's output is then of no use to anybody.
		_, _ = e.client.Log(e.ctx, &pulumirpc.LogRequest{Severity: pulumirpc.LogSeverity_INFO, Message: line})
	}}
}

// lineWriter cuts a stream into lines. A message per write would break lines wherever the program's buffers end.
type lineWriter struct {
	emit    func(string)
	mutex   sync.Mutex
	partial []byte
}

// Write emits every line that is complete.
func (w *lineWriter) Write(p []byte) (int, error) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	w.partial = append(w.partial, p...)
	for {
		line, rest, complete := bytes.Cut(w.partial, []byte("\n"))
		if !complete {
			return len(p), nil
		}
		w.emit(string(bytes.TrimSuffix(line, []byte("\r"))))
		w.partial = rest
	}
}

// flush emits what is left without a line end.
func (w *lineWriter) flush() {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if len(w.partial) > 0 {
		w.emit(string(w.partial))
		w.partial = nil
	}
}
