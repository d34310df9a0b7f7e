namespace Pipeline.Sources;

/// <summary>A connection could not be opened or was lost. Never leaves the source: the next attempt goes to the next host.</summary>
internal sealed class JetstreamDisconnectedException(string message, Exception? innerException = null)
    : Exception(message, innerException);
