using Memoize;
using QRCoder;

namespace QrCards;

public static class QrCode
{
    /// <summary>The same text gives the same picture for ever, so that this needs no lifetime and no server.</summary>
    [Cached(MaxSize = 10_000)]
    public static string Svg(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.Q);
        return new SvgQRCode(data).GetGraphic(pixelsPerModule: 4);
    }
}
