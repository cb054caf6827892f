//! What is wrong with the TOML of a template, in the words of those who write it: the reader's own are English.

/// How the reader begins what it says, and what that means with the way out; the first that fits is taken.
const SAID: &[(&str, &str)] = &[
    ("duplicate key", "这个键在同一张表里写了两次，请删去一处"),
    ("missing opening quote", "文字前面缺少引号，请补上英文双引号"),
    ("string values must be quoted", "等号后面缺少值、列表里缺少英文逗号，或者文字没有加英文双引号，请核对"),
    ("invalid basic string", "文字的引号没有成对，或者文字里有不能直接写的字符，请核对英文双引号"),
    ("invalid multi-line basic string", "多行文字的引号没有成对，请在结尾写三个英文双引号"),
    ("invalid literal string", "文字的引号没有成对，请核对英文单引号"),
    ("invalid multi-line literal string", "多行文字的引号没有成对，请在结尾写三个英文单引号"),
    ("missing escaped value", "反斜杠后面不能这样写；要写反斜杠本身请写两个"),
    ("too few unicode value digits", "反斜杠u后面的字符编码位数不够，请直接写这个字"),
    ("invalid value", "这里的值无法读取，请核对写法"),
    ("unquoted keys cannot be empty", "等号前面缺少键名，请补上"),
    ("invalid unquoted key", "键名只能用英文字母、数字、下划线和短横线，请核对键名和全角符号"),
    ("key with no value", "键后面缺少等号和值，请补上（应为英文等号）"),
    ("missing value", "等号后面缺少值，请补上"),
    ("extra `=`", "多了一个等号，请删去"),
    ("unexpected `=` in array", "方括号里不能有等号，请核对逗号和方括号"),
    ("unclosed array table", "双方括号没有成对，请在表名后面补上“]]”"),
    ("unclosed table", "表名的方括号没有成对，请补上“]”"),
    ("unclosed array", "列表的方括号没有成对，请补上“]”"),
    ("unclosed inline table", "花括号没有成对，请补上“}”"),
    ("missing comma", "两项之间缺少英文逗号，请补上"),
    ("extra comma", "多了一个逗号，请删去"),
    ("missing key for inline table element", "花括号里缺少键名，请补上"),
    ("missing assignment between key-value pairs", "键后面缺少英文等号，请补上"),
    ("extra assignment between key-value pairs", "多了一个等号，请删去"),
    ("invalid inline table element", "花括号里只能写“键 = 值”，请核对"),
    ("missing inline table opening", "缺少“{”，请核对花括号"),
    ("missing array opening", "缺少“[”，请核对方括号"),
    ("unexpected key or value", "一行只能写一个“键 = 值”，请另起一行，或者核对前面的引号"),
    ("unexpected content between comment and newline", "注释后面有多余的内容，请另起一行"),
    ("missing comment start", "注释应以“#”开头"),
    ("invalid comment character", "注释里有不可见的控制字符，请删去"),
    ("carriage return must be followed by newline", "换行符不完整，请用普通的文本编辑器另存一次"),
    ("redundant numeric sign", "数字前面多了一个正负号，请删去"),
    ("unexpected sign", "这里不能写正负号，请删去"),
    ("integers with a radix cannot be signed", "这种写法的数字前面不能有正负号，请改写成十进制数字"),
    ("radix must be lowercase", "数字的进制前缀应为小写，请改写成十进制数字"),
    ("redundant integer number prefix", "数字前面多了前缀，请改写成十进制数字"),
    ("unexpected leading zero", "数字前面不能有多余的0，请删去；要写文字请加英文双引号"),
    ("`_` may only go between digits", "数字里的下划线只能写在两个数字之间，请删去"),
    ("invalid", "这里的内容无法读取，请核对写法"),
];

/// What is said where nothing above fits.
const ELSE: &str = "这里不符合TOML的写法，请检查引号、括号、逗号和等号是否成对、是否为英文符号";

/// A fault of syntax in Chinese, whatever the reader said.
pub(super) fn in_chinese(said: &str) -> &'static str {
    let said = said.trim();
    SAID.iter().find(|(begin, _)| said.starts_with(begin)).map_or(ELSE, |(_, means)| means)
}
