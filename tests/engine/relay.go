package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
)

// forward makes a call, as received or changed, on the server behind a relay.
type forward func(ctx context.Context, request []byte) (answer []byte, err error)

// relay stands before a gRPC server and lets a function see every call. Messages pass as they are.
type relay struct {
	listener   net.Listener
	server     *grpc.Server
	connection *grpc.ClientConn
}

func newRelay(address string, handle func(ctx context.Context, method string, request []byte, forward forward) ([]byte, error)) (*relay, error) {
	connection, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()), rpcutil.GrpcChannelOptions(),
		grpc.WithDefaultCallOptions(grpc.ForceCodecV2(raw{})))
	if err != nil {
		return nil, fmt.Errorf("relay to %s: %w", address, err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, connection.Close())
	}
	server := grpc.NewServer(grpc.ForceServerCodecV2(raw{}), grpc.MaxRecvMsgSize(maxMessage), grpc.MaxSendMsgSize(maxMessage),
		grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error {
			method, _ := grpc.MethodFromServerStream(stream)
			var request []byte
			if err := stream.RecvMsg(&request); err != nil && !errors.Is(err, io.EOF) {
				return err
			}
			answer, err := handle(stream.Context(), method, request, func(ctx context.Context, request []byte) (answer []byte, err error) {
				err = connection.Invoke(ctx, method, &request, &answer)
				return answer, err
			})
			if err != nil {
				return err
			}
			return stream.SendMsg(&answer)
		}))
	go func() { _ = server.Serve(listener) }() // ends with close
	return &relay{listener, server, connection}, nil
}

// maxMessage is the engine's own limit for a message.
const maxMessage = 400 << 20

func (r *relay) address() string { return r.listener.Addr().String() }

func (r *relay) close() error {
	r.server.Stop()
	return r.connection.Close()
}

// raw is the codec that leaves messages as they are.
type raw struct{}

var _ encoding.CodecV2 = raw{}

func (raw) Name() string { return "proto" }

func (raw) Marshal(message any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(*message.(*[]byte))}, nil
}

func (raw) Unmarshal(data mem.BufferSlice, message any) error {
	*message.(*[]byte) = data.Materialize()
	return nil
}
