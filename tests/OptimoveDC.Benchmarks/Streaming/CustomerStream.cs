using System.Text;
using OptimoveDC.Benchmarks.Data;

namespace OptimoveDC.Benchmarks.Streaming;

/// <summary>Customers, written to a stream as they are made until it has had so many bytes.</summary>
internal static class CustomerStream
{
    /// <summary>Writes a whole CSV file of the least length that is asked for.</summary>
    /// <param name="path">A named pipe; opening it waits for its reader.</param>
    /// <param name="bytes">The least length.</param>
    /// <returns>What was written, and what has to arrive.</returns>
    internal static CustomerFile Write(string path, long bytes)
    {
        var generator = new CustomerGenerator();
        var digest = new RecordDigest();
        var fields = new string[CustomerGenerator.Columns.Count];
        var records = 0;
        using var pipe = new CountingStream(new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0));
        using (var writer = new StreamWriter(pipe, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" })
        {
            writer.WriteLine(string.Join(',', CustomerGenerator.Columns));
            while (pipe.Written < bytes)
            {
                generator.Fill(records++, fields);
                digest.Add(fields);
                CustomerFile.WriteRow(writer, fields);
            }
        }

        return new CustomerFile(path, pipe.Written, digest.ToExpectation(records));
    }

    // A pipe has no length and no position to ask for.
    private sealed class CountingStream(Stream inner) : Stream
    {
        internal long Written { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            inner.Write(buffer);
            Written += buffer.Length;
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
