namespace Pipeline.Tests.Harness.Jetstream;

public enum FaultKind
{
    /// <summary>Resets the TCP connection: the client sees 1006.</summary>
    Abort,

    /// <summary>Closes with a close frame.</summary>
    Close,

    /// <summary>Stays open and sends nothing more.</summary>
    Stall,

    /// <summary>Sends half of a frame, then resets the connection.</summary>
    DropMidFrame,

    /// <summary>Sends the last <see cref="Fault.Count"/> messages again, then goes on.</summary>
    RepeatLast,
}
